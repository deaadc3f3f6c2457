import { plainStyle } from '../../../cli/terminal/style';
import { liveSink } from '../../../cli/watch/live-sink';
import { fixtureSnapshot, NOW } from './fixture-run';

/** A terminal of 60 by 12 characters that keeps the frames that were drawn and the lines below them. */
function liveTerminal() {
  const frames: string[] = [];
  const out: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    note: (text: string) => void out.push(text),
    interactive: true,
    style: plainStyle,
    size: () => ({ columns: 60, rows: 12 }),
    env: {},
  };
  const frame = Object.assign((text: string) => void frames.push(text), { done: () => void out.push('(done)') });
  return { sink: liveSink(terminal, frame), frames, out };
}

test('each frame is the whole view, and fits the terminal', () => {
  const { sink, frames } = liveTerminal();
  sink.show(fixtureSnapshot({ 'stop-workload/api@beta': 'running' }), []);
  sink.show(fixtureSnapshot({ 'final-sync/orders@alpha': 'running' }), []);
  expect(frames[0]).toContain('▶ stop api at beta');
  expect(frames[1]).toContain('▶ bring orders at alpha');
  for (const frame of frames) {
    const lines = frame.split('\n');
    expect(lines.length).toBeLessThan(12);
    for (const line of lines) expect(line.length).toBeLessThan(60);
  }
});

test('at the end the verdict stays on the screen once, and the report is named below', () => {
  const { sink, frames, out } = liveTerminal();
  const ended = { phase: 'finished', verdict: 'completed', because: 'all done', finishedAt: NOW } as const;
  sink.show(fixtureSnapshot({ 'start-replication/shop': 'done' }, ended), []);
  sink.finished({ verdict: 'completed', because: 'all done', reportFiles: ['reports/shop.md'] });
  expect(frames.at(-1)?.endsWith('\ncompleted: all done')).toBe(true);
  expect(out).toEqual(['(done)', 'report  reports/shop.md']);
});

test('when the worker was away at the end, the verdict is said all the same', () => {
  const { sink, out } = liveTerminal();
  sink.show(fixtureSnapshot({ 'start-replication/shop': 'running' }), []);
  sink.finished({ verdict: 'aborted', because: 'ana: enough', reportFiles: [] });
  expect(out).toEqual(['(done)', 'aborted: ana: enough']);
});

test('who leaves is told that the run goes on, and how to come back', () => {
  const { sink, out } = liveTerminal();
  sink.show(fixtureSnapshot({ 'start-replication/shop': 'running' }), []);
  sink.left('failback/shop/20261121-100000');
  expect(out).toEqual(['(done)', 'The run goes on. To watch it again: switchback watch failback/shop/20261121-100000']);
});
