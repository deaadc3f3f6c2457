import { TestedRunbooks } from '../../../cli/tested-runbooks';
import { plainStyle } from '../../../cli/terminal/style';
import { textSink, trialSink } from '../../../cli/trial-sink';
import type { TrialNews } from '../../../core/model/fault-trial';
import { failover, reprotect, testedOf } from './trial-news';

function screen() {
  const out: string[] = [];
  const frames: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    note: () => undefined,
    interactive: false,
    style: plainStyle,
    size: () => ({ columns: 100, rows: 40 }),
    env: {},
  };
  const frame = Object.assign((text: string) => void frames.push(text), {
    clear: () => void frames.push('cleared'),
    done: () => undefined,
  });
  return { out, frames, terminal, frame };
}

/** Told one piece after the other, as the simulation does. */
function shown(news: readonly TrialNews[], verbose: boolean): readonly string[] {
  const { out, terminal, frame } = screen();
  const sink = textSink(terminal, frame, verbose);
  const tested = new TestedRunbooks();
  for (const one of news) {
    tested.take(one);
    sink.show(tested);
  }
  sink.end(tested);
  return out;
}

test('scenes come one after the other, then what is wrong, once however many faults found it, and what to do', () => {
  expect(shown([...failover, ...reprotect], false)).toEqual([
    'shop (runbooks/shop.yaml)',
    '  ✗ planned failover                              5 trials, 2 ended otherwise than designed',
    '  ✓ reprotect                                      1 trial, all ended as designed',
    '',
    '  ✗ NotUndone  freeze: run /opt/freeze at beta: was done, and stays done when the run is rolled back',
    '      in 2 trials: planned failover',
    '      first when "stop web at alpha" fails',
    '      to mend it: Give it an `inverse`.',
    '',
    '1 runbook, 6 trials: 2 ended otherwise than designed',
  ]);
});

test('with --verbose every trial is there, as fault → end state', () => {
  expect(shown([...failover, ...reprotect], true).slice(2, 7)).toEqual([
    '      ✓ nothing fails → completed',
    '      ✓ gate approval/cutover stays closed → declined, everything as it was',
    '      ✗ "stop web at alpha" fails → rolled back, but NotUndone',
    '      ✗ "stop web at alpha" is done and its answer lost → rolled back, but NotUndone',
    '      ✓ while rolling back, "start web at alpha again" fails → rollback incomplete, everything else as it was',
  ]);
});

test('of two runbooks each has its own part, and what is wrong follows it', () => {
  const out = shown([...failover, ...failover, { kind: 'end' }], false);
  expect(out.filter((line) => line.startsWith('shop'))).toHaveLength(2);
  expect(out.filter((line) => line.includes('NotUndone'))).toHaveLength(2);
  expect(out.indexOf('      to mend it: Give it an `inverse`.')).toBeLessThan(
    out.lastIndexOf('shop (runbooks/shop.yaml)'),
  );
});

test('a person at a terminal sees how far it is', () => {
  const { frames, terminal, frame } = screen();
  textSink(terminal, frame, false).show(testedOf(failover.slice(0, 4)));
  expect(frames).toEqual(['  … planned failover: 2 of 5']);
});

test('a simulation that ended early gives no total', () => {
  const { out, terminal, frame } = screen();
  textSink(terminal, frame, false).end(testedOf(failover));
  expect(out.join('\n')).not.toContain('1 runbook');
});

test('with --json nothing is written by the way', async () => {
  const { out, terminal } = screen();
  const sink = await trialSink(terminal, { json: true });
  sink.show(testedOf(failover));
  sink.end(testedOf([...failover, ...reprotect]));
  expect(out).toEqual([]);
});
