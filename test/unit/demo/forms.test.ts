import { readFileSync } from 'node:fs';
import path from 'node:path';
import { collectWindow } from '../../../cli/window-option';
import type { ProtectionPhase } from '../../../core/model/operation';
import type { ProtectionState } from '../../../core/model/protection';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { operationForms } from '../../../demo/dev/forms';
import { drillInput, failbackInput, failoverInput, reprotectInput } from '../../../workflows/messages';

const file = path.join(__dirname, '../../../runbooks/shop.yaml');
const parsed = parseRunbook(readFileSync(file, 'utf8'), file);
if (!parsed.ok) throw new Error('runbooks/shop.yaml is invalid');
const { runbook } = parsed;
const now = '2026-11-21T10:02:33.444Z';

const inPhase = (phase: ProtectionPhase, more: Partial<ProtectionState> = {}): ProtectionState => ({
  group: 'shop',
  phase,
  activeSite: 'primary',
  epoch: 1,
  highestEpoch: 1,
  replication: { direction: 'none', paused: false, asOf: {} },
  fencing: { primary: 'unfenced', recovery: 'unfenced' },
  runs: [],
  ...more,
});
const possible = (state: ProtectionState) =>
  operationForms(runbook, state, now)
    .filter(({ notNow }) => notNow === undefined)
    .map(({ operation }) => operation);

test.each([
  ['Protected', ['failover', 'drill']],
  ['FailedOver', ['reprotect']],
  ['ReverseProtected', ['failback', 'drill']],
] as const)('%s -> %s is possible, and comes first', (phase, operations) => {
  expect(possible(inPhase(phase))).toEqual(operations);
  expect(operationForms(runbook, inPhase(phase), now)[0]?.operation).toBe(operations[0]);
});

test('while a run holds the group nothing is possible, and the run is named', () => {
  const holder = { workflowId: 'failover/shop/1', runId: 'r', operation: 'failover', since: now } as const;
  const state = inPhase('Recovering', { holder });
  expect(possible(state)).toEqual([]);
  expect(operationForms(runbook, state, now)[0]?.notNow).toBe('failover/shop/1 is running');
});

test('every input is one that the workflow takes', () => {
  const schemas = { failover: failoverInput, reprotect: reprotectInput, failback: failbackInput, drill: drillInput };
  for (const { operation, input } of operationForms(runbook, inPhase('Protected'), now)) {
    expect(schemas[operation].safeParse(input).success).toBe(true);
  }
});

test('the form of failback opens its window now, for a day; the command says the same', () => {
  const failback = operationForms(runbook, inPhase('ReverseProtected'), now)[0];
  expect(failback?.input.windows).toEqual({ maintenance: { start: '2026-11-21T10:02Z', durationSeconds: 86_400 } });
  const window = /--window (\S+)/.exec(failback?.command ?? '')?.[1] ?? '';
  expect(collectWindow(window)).toEqual(failback?.input.windows);
});
