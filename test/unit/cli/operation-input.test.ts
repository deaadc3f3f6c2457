import { userInfo } from 'node:os';
import { drillInput, failbackInput, failoverInput, reprotectInput } from '../../../workflows/messages';
import { readArguments } from '../../../cli/commands/sites';
import { operationInput } from '../../../cli/operation-input';
import { parseDuration } from '../../../cli/options';
import { personFrom } from '../../../cli/person';
import { newRunId } from '../../../cli/run-id';
import { runbookName } from '../../../cli/runbook-name';
import { collectWindow } from '../../../cli/window-option';

const schemas = { failover: failoverInput, reprotect: reprotectInput, failback: failbackInput, drill: drillInput };

test.each([
  [
    'failback',
    { window: { night: { start: '2026-12-05T22:00', durationSeconds: 7200 } }, expectPlan: 'abc', reason: 'r' },
  ],
  ['reprotect', {}],
  ['failover', { mode: 'unplanned', recoveryPoint: 'latest', declareLostBy: 'ana', reason: 'fire' }],
  ['drill', { keep: { keepSeconds: 60 }, recoveryPoint: 'latest', roundTrip: true }],
] as const)('the workflow of a %s takes the input that its options make', (operation, flags) => {
  const input = operationInput(operation, 'shop', flags);
  expect(schemas[operation].parse(input)).toMatchObject(input);
});

test('what was not given is not in the input', () => {
  expect(operationInput('failback', 'shop', {})).toEqual({ runbook: 'shop' });
});

test('to declare a site lost needs a person and a reason', () => {
  expect(() => operationInput('failover', 'shop', { declareLostBy: 'ana' })).toThrow(
    '--declare-lost-by needs --reason',
  );
});

test.each([
  { mode: 'planned' },
  { recoveryPoint: 'latest' },
  { declareLostBy: 'ana', reason: 'r' },
  { roundTrip: true },
] as const)('%j is refused for a failback before anything is started', (flags) => {
  expect(() => operationInput('failback', 'shop', flags)).toThrow('not of a failback');
});

test.each([
  ['night=2026-12-05T22:00/2h', { night: { start: '2026-12-05T22:00', durationSeconds: 7200 } }],
  ['night=2026-12-05T22:00', { night: { start: '2026-12-05T22:00' } }],
  ['night=/90m', { night: { durationSeconds: 5400 } }],
  ['night=2026-12-05T22:00+01:00/30s', { night: { start: '2026-12-05T22:00+01:00', durationSeconds: 30 } }],
])('--window %s', (text, windows) => {
  expect(collectWindow(text)).toEqual(windows);
});

test('several windows add up', () => {
  expect(Object.keys(collectWindow('b=/1h', collectWindow('a=/1h')))).toEqual(['a', 'b']);
});

test.each(['night', 'night=', '=22:00', 'night=/0s', 'night=/1y', 'night=22:00/'])('--window %s is refused', (text) => {
  expect(() => collectWindow(text)).toThrow(/write it as/);
});

test.each([
  ['90s', 90],
  ['1.5m', 90],
  ['2h', 7200],
  ['1d', 86_400],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test('the id of a run tells operation, group and time in UTC', () => {
  expect(newRunId('failback', 'shop', new Date('2026-12-05T22:01:02.345Z'))).toBe('failback/shop/20261205-220102');
});

test.each([
  ['shop', 'shop'],
  ['runbooks/shop.yaml', 'shop'],
  ['./shop.yml', 'shop'],
  ['shop.v2', 'shop.v2'],
])('the runbook %s is known to the worker as %s', (argument, name) => {
  expect(runbookName(argument)).toBe(name);
});

test.each([
  [undefined, undefined, { connectivity: false }],
  ['test', undefined, { connectivity: true }],
  ['shop', undefined, { runbook: 'shop', connectivity: false }],
  ['shop', 'test', { runbook: 'shop', connectivity: true }],
  ['test', 'shop', { runbook: 'shop', connectivity: true }],
])('sites %s %s', (first, second, asked) => {
  expect(readArguments(first, second)).toEqual(asked);
});

test.each([
  ['bo', { SWITCHBACK_USER: 'ana' }, 'bo'],
  [undefined, { SWITCHBACK_USER: 'ana' }, 'ana'],
  [undefined, {}, userInfo().username],
])('--by %s with %j is %s', (by, env, person) => {
  expect(personFrom(by, env)).toBe(person);
});
