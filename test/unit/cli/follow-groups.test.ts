import { SwitchbackFailure } from '../../../core/model/failure';
import { plainStyle } from '../../../cli/terminal/style';
import { span } from '../../../cli/terminal/line';
import type { GroupStatus } from '../../../cli/views/group-status';
import { followGroups, liveGroups, printedGroups, type GroupsSink } from '../../../cli/watch/follow-groups';

const group = (name: string): GroupStatus => ({ group: name, runs: [], trouble: `${name} does not answer` });

const view = (groups: readonly GroupStatus[], now: string) =>
  groups.map((one) => [span(`${one.group} at ${now}, ${'x'.repeat(80)}`)]);

function terminal() {
  const [out, notes]: [string[], string[]] = [[], []];
  return {
    ...{ out: (text: string) => void out.push(text), note: (text: string) => void notes.push(text) },
    ...{ interactive: true, style: plainStyle, size: () => ({ columns: 60, rows: 5 }), env: {}, written: out, notes },
  };
}

test('the screen is never higher or wider than the terminal, and says how to leave it', () => {
  const frames: string[] = [];
  const frame = Object.assign((text: string) => void frames.push(text), { done: () => void frames.push('(done)') });
  const to = terminal();
  const sink = liveGroups(to, view, frame);
  sink.show([group('shop')], '10:00');
  sink.show(['a', 'b', 'c', 'd', 'e', 'f'].map(group), '10:01');
  sink.trouble('no server');
  sink.left();
  expect(to.notes).toEqual(['']);
  expect(frames[0]).toContain('as of 10:00; ctrl-c ends it');
  expect(frames[1]?.split('\n').at(-1)).toBe('…');
  for (const text of frames) {
    expect(text.split('\n').length).toBeLessThan(5);
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(60);
  }
  expect(frames.slice(2)).toEqual(['no server', '(done)']);
});

test('the table is cut at the width, and what is below it goes on in the next line', () => {
  const frames: string[] = [];
  const frame = Object.assign((text: string) => void frames.push(text), { done: () => undefined });
  const command = `switchback approve failover/shop/maintenance --gate ${'x'.repeat(20)}`;
  const to = { ...terminal(), size: () => ({ columns: 60, rows: 20 }) };
  liveGroups(to, () => [[span('y'.repeat(80))], [], [span(command)]], frame).show([], '10:00');
  const lines = frames[0]?.split('\n') ?? [];
  expect(lines.slice(0, 2)).toEqual([`${'y'.repeat(58)}…`, '']);
  expect(lines.slice(2, 4).join('')).toBe(command);
});

test('where nobody looks, it is printed again only when something but the time is new', () => {
  const to = terminal();
  const sink = printedGroups(to, view, true);
  sink.show([group('shop')], '10:00');
  sink.show([group('shop')], '10:01');
  sink.trouble('no server');
  sink.trouble('no server');
  sink.show([group('wiki')], '10:02');
  expect(to.written.map((line) => (JSON.parse(line) as { at: string }).at)).toEqual(['10:00', '10:02']);
  expect(to.notes).toEqual(['no server']);
});

test('it goes on while nothing answers, until the person leaves; what is not a failure of the connection ends it', async () => {
  const seen: string[] = [];
  const controller = new AbortController();
  const sink: GroupsSink = {
    show: () => {
      seen.push('shown');
      controller.abort();
    },
    trouble: (message) => void seen.push(message),
    left: () => void seen.push('left'),
  };
  const answers = [() => Promise.reject(new SwitchbackFailure('TemporalUnavailable', 'no server')), async () => []];
  await expect(
    followGroups(() => (answers.shift() ?? (() => Promise.resolve([])))(), sink, controller.signal),
  ).resolves.toBe(130);
  expect(seen).toEqual(['no server', 'shown', 'left']);
  await expect(
    followGroups(() => Promise.reject(new Error('a fault')), sink, new AbortController().signal),
  ).rejects.toThrow('a fault');
});
