import type { DoneOperation } from '../../../demo/circle/operation';
import { conclude, exitCodeOfDemo } from '../../../demo/conclusion/conclude';
import type { NamedProof } from '../../../demo/conclusion/proof-lines';
import { everyAcknowledgedOrderOnceInOrder } from '../../../demo/shop/proofs';
import { plainScreen } from '../../../demo/screen/screen';
import { plainStyle } from '../../../cli/terminal/style';
import { buildReport } from '../../../core/report/build-report';
import { unplannedFailover } from '../report/scenarios';

const holding = { holds: true };
const failing = { holds: false };
const completed = { asMeant: true };
const otherwise = { asMeant: false };

test.each([
  ['every run completed, every proof holds', [completed, completed], [holding, holding, holding], 0],
  ['one proof fails', [completed, completed], [holding, failing, holding], 1],
  ['a run ended otherwise than it was meant to', [completed, otherwise], [holding], 1],
  ['nothing was proven', [completed], [], 1],
  ['nothing was done', [], [holding], 1],
])('%s', (_, done, proofs, code) => {
  expect(exitCodeOfDemo(done, proofs)).toBe(code);
});

const said = (proofs: readonly NamedProof[], earlier: readonly string[] = []) => {
  const lines: string[] = [];
  const json: string[] = [];
  const terminal = {
    out: (text: string) => json.push(text),
    note: (text: string) => lines.push(text),
    interactive: false,
    style: plainStyle,
    size: () => ({ columns: 80, rows: 24 }),
    env: {},
  };
  const parts = {
    screen: plainScreen(terminal, true),
    terminal,
    home: { folder: '/home-of-demo' },
    earlier,
    json: true,
  };
  const exitCode = conclude(parts, { done: [operation], proofs, lostOrders: 7, seconds: 31 });
  return { exitCode, text: lines.join('\n'), json: JSON.parse(json.join('')) as Record<string, unknown> };
};

const operation: DoneOperation = {
  title: 'unplanned failover',
  operation: 'failover',
  verdict: 'completed',
  asMeant: true,
  because: 'every step is done',
  reportFiles: [
    '/home-of-demo/reports/shop/run.json',
    '/home-of-demo/reports/shop/run.md',
    '/home-of-demo/reports/shop/run.html',
  ],
  report: buildReport(unplannedFailover),
  interruptionSeconds: 3.25,
};
const lostOrder = { id: 'a', seq: 1, epoch: 1, site: 'alpha', sentAt: 1, ackedAt: 2, attempts: 1 };

test('a log that lacks an acknowledged order makes the demo fail, and the verdict says so', () => {
  const proof = { claim: 'all are there', ...everyAcknowledgedOrderOnceInOrder([lostOrder], '') };
  const { exitCode, text, json } = said([proof]);
  expect([exitCode, json['exitCode']]).toEqual([1, 1]);
  expect(text).toContain('✗ 1 of 1 operations ended as they were meant to, 0 of 1 proofs hold, in 31 s');
});

test('figures and reports are named', () => {
  const { exitCode, text } = said([{ claim: 'all are there', ...everyAcknowledgedOrderOnceInOrder([], '') }]);
  expect(exitCode).toBe(0);
  expect(text).toMatch(/unplanned failover +\d+\.\d\d s +3\.25 s +7 orders/);
  expect(text).toContain('/home-of-demo/reports/shop\n    run.html');
});

test('it says how to remove its own folder, and those that earlier demos left', () => {
  const { text } = said([], ['/demos/a', '/demos/b c']);
  expect(text).toContain('\n  rm -r /home-of-demo\n');
  expect(text).toContain("2 earlier demos are still kept; to remove that as well:\n  rm -r /demos/a '/demos/b c'");
});
