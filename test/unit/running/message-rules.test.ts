import { emptyLedger } from '../../../core/running/approval-rules';
import { stepKinds, traitsOf, type StepKind } from '../../../core/model/step-kinds';
import { messageRules, type OpenGate, type RunView } from '../../../core/running/message-rules';

const now = '2026-12-05T22:00:00.000Z';
const running: RunView = {
  now,
  finished: false,
  paused: false,
  committed: false,
  stopping: false,
  openGates: [],
  failedSteps: [],
};
const openGate = (name: string, gate: OpenGate['question']['gate'] = {}, ledger = emptyLedger): OpenGate => ({
  name,
  question: { gate: { name, ...gate }, requester: 'rey' },
  ledger,
});
const gate = openGate('cutover', { approvers: ['ana'] });
const expiredGate = { ...gate, expiresAt: now };
const signedOnly = openGate('cutover', { notRequester: false, signed: 'required', keys: { Ana: 'key' } });
const signature = { at: '2026-12-05T22:00:00Z' };
const window2 = openGate('second');
const signedGate = openGate('cutover', { approvers: ['ana', 'bo'], keys: { ana: 'key' } });
const manualStep: OpenGate = { ...openGate('look', { approvers: ['ana', 'rey'] }), manual: true };
const approvedByAna = openGate(
  'cutover',
  {},
  {
    decisions: [{ gate: 'cutover', by: 'ana', decision: 'approve', at: '', via: 'update', planHash: 'abc' }],
    delegations: [],
    signedAt: { ana: '2026-12-05T22:00:00Z' },
  },
);
const stopFailed = { id: 'stop-workload/ledger@beta', kind: 'stop-workload' } as const;
const syncFailed = { id: 'final-sync/orders@alpha', kind: 'final-sync' } as const;
const ttlFailed = { id: 'lower-ttl/shop@alpha', kind: 'lower-ttl' } as const;

type Name = keyof typeof messageRules;
type Case = readonly [title: string, name: Name, view: Partial<RunView>, message: object, refusal: string | undefined];

test.each<Case>([
  [
    'choose another point',
    'choosePoint',
    { planHash: 'a', recoveryPoint: 'latest' },
    { recoveryPoint: 'x-1' },
    undefined,
  ],
  [
    'choose a point after the commit point',
    'choosePoint',
    { planHash: 'a', recoveryPoint: 'latest', committed: true },
    { recoveryPoint: 'x-1' },
    'the commit point has passed',
  ],
  [
    'choose a point of a planned move',
    'choosePoint',
    { planHash: 'a' },
    { recoveryPoint: 'x-1' },
    'only an unplanned failover',
  ],
  ['choose a point before there is a plan', 'choosePoint', {}, { recoveryPoint: 'x-1' }, 'no plan yet'],
  [
    'choose the point that it starts from',
    'choosePoint',
    { planHash: 'a', recoveryPoint: 'latest' },
    { recoveryPoint: 'latest' },
    'starts from "latest" already',
  ],
  [
    'choose an instant without a zone',
    'choosePoint',
    { planHash: 'a', recoveryPoint: 'latest' },
    { recoveryPoint: '2026-12-05T22:00' },
    'date, time and zone',
  ],
  ['decide at the one open gate', 'decide', { openGates: [gate] }, {}, undefined],
  ['decide with no gate open', 'decide', {}, {}, 'no gate is open now'],
  ['decide without a name while two are open', 'decide', { openGates: [gate, window2] }, {}, 'name the gate'],
  ['decide at a gate that is not open', 'decide', { openGates: [gate] }, { gate: 'other' }, 'gate "other" is not open'],
  ['decide by somebody who may not', 'decide', { openGates: [gate] }, { by: 'bob' }, '"bob" may not decide'],
  [
    'decide on another plan than this one',
    'decide',
    { openGates: [gate], planHash: 'abcdef' },
    { planHash: 'fedcba' },
    'the plan of this run is abcdef',
  ],
  [
    'decide on the plan of this run',
    'decide',
    { openGates: [gate], planHash: 'abcdef' },
    { planHash: 'abc' },
    undefined,
  ],
  ['approve twice', 'decide', { openGates: [approvedByAna] }, { decision: 'approve' }, 'has said so already'],
  [
    'approve twice in another spelling',
    'decide',
    { openGates: [approvedByAna] },
    { by: 'ANA', decision: 'approve' },
    'has said so already',
  ],
  ['decline after an approval', 'decide', { openGates: [approvedByAna] }, { decision: 'decline' }, undefined],
  ['decide unsigned in the name of a key', 'decide', { openGates: [signedGate] }, {}, '"ana" has a key: sign it'],
  ['decide signed', 'decide', { openGates: [signedGate] }, { gate: 'cutover', signature }, undefined],
  [
    'decide signed in an asking that has ended while the signature was verified',
    'decide',
    { openGates: [{ ...signedGate, ledger: { ...emptyLedger, asking: 2 } }] },
    { gate: 'cutover', signature, asking: 1 },
    'everybody was asked again meanwhile',
  ],
  [
    'decide signed in the asking that it was made for',
    'decide',
    { openGates: [{ ...signedGate, ledger: { ...emptyLedger, asking: 2 } }] },
    { gate: 'cutover', signature, asking: 2 },
    undefined,
  ],
  ['decide signed without its gate', 'decide', { openGates: [signedGate] }, { signature }, 'names its gate'],
  [
    'delegate signed without its gate',
    'delegate',
    { openGates: [signedGate] },
    { to: 'bo', signature },
    'names its gate',
  ],
  [
    'decide unsigned in another spelling of the name of a key',
    'decide',
    { openGates: [signedGate] },
    { by: 'ANA' },
    '"ANA" has a key: sign it',
  ],
  [
    'approve unsigned by who asked, where that may be and signatures are required',
    'decide',
    { openGates: [signedOnly] },
    { by: 'rey', decision: 'approve' },
    'takes signed decisions only',
  ],
  [
    'delegate unsigned by who asked, where signatures are required',
    'delegate',
    { openGates: [signedOnly] },
    { by: 'rey', to: 'ana' },
    'takes signed decisions only',
  ],
  [
    'decline unsigned by who asked, where signatures are required',
    'decide',
    { openGates: [signedOnly] },
    { by: 'Rey', decision: 'decline' },
    undefined,
  ],
  ['withdraw unsigned by who asked', 'withdraw', { openGates: [signedOnly] }, { by: 'rey' }, undefined],
  ['approve after the gate has expired', 'decide', { openGates: [expiredGate] }, {}, 'has expired at 2026-12-05'],
  ['delegate after the gate has expired', 'delegate', { openGates: [expiredGate] }, { to: 'bo' }, 'has expired'],
  [
    'approve just before the gate expires',
    'decide',
    { openGates: [expiredGate], now: '2026-12-05T21:59:59.999Z' },
    {},
    undefined,
  ],
  [
    'decide signed without a key',
    'decide',
    { openGates: [signedGate] },
    { by: 'bo', signature },
    'the signature proves nothing',
  ],
  ['decide in a name of prototypes', 'decide', { openGates: [gate] }, { by: '__proto__' }, 'may not decide'],
  [
    'do a manual step',
    'decide',
    { openGates: [manualStep] },
    { decision: 'done', evidence: 'https://x.test' },
    undefined,
  ],
  ['fail a manual step', 'decide', { openGates: [manualStep] }, { decision: 'failed' }, undefined],
  ['do a manual step as somebody else', 'decide', { openGates: [manualStep] }, { by: 'bob', decision: 'done' }, 'bob'],
  [
    'do a manual step as who asked for the run',
    'decide',
    { openGates: [manualStep] },
    { by: 'rey', decision: 'done' },
    undefined,
  ],
  ['approve a manual step', 'decide', { openGates: [manualStep] }, { decision: 'approve' }, 'must be done or failed'],
  ['do an approval', 'decide', { openGates: [gate] }, { decision: 'done' }, 'must be approve or decline'],
  [
    'prove an approval',
    'decide',
    { openGates: [gate] },
    { evidence: 'https://x.test' },
    'only a manual step has evidence',
  ],
  ['withdraw at a manual step', 'withdraw', { openGates: [manualStep] }, { by: 'rey' }, 'nothing to take back'],
  ['withdraw a decision', 'withdraw', { openGates: [approvedByAna] }, {}, undefined],
  ['withdraw what one asked for', 'withdraw', { openGates: [gate] }, { by: 'rey' }, undefined],
  ['withdraw nothing', 'withdraw', { openGates: [gate] }, {}, 'has decided nothing'],
  ['withdraw with no gate open', 'withdraw', {}, { by: 'rey' }, 'no gate is open now'],
  ['delegate', 'delegate', { openGates: [gate] }, { to: 'bo' }, undefined],
  ['delegate after a decision', 'delegate', { openGates: [approvedByAna] }, { to: 'bo' }, 'withdraw that first'],
  ['pause', 'pause', {}, {}, undefined],
  ['pause a paused run', 'pause', { paused: true }, {}, 'paused already'],
  ['resume a running run', 'resume', {}, {}, 'not paused'],
  ['resume a paused run', 'resume', { paused: true }, {}, undefined],
  ['retry with nothing failed', 'retry', {}, {}, 'no step has failed'],
  ['retry all failed', 'retry', { failedSteps: [stopFailed, ttlFailed] }, {}, undefined],
  ['retry a step that has not failed', 'retry', { failedSteps: [ttlFailed] }, { step: 'x' }, 'step "x" has not failed'],
  ['skip a step that guards data or fencing', 'skip', { failedSteps: [stopFailed] }, {}, 'guards data or fencing'],
  ['skip a step that guards nothing', 'skip', { failedSteps: [ttlFailed] }, {}, undefined],
  ['skip without a name while two have failed', 'skip', { failedSteps: [ttlFailed, stopFailed] }, {}, 'name the step'],
  ['mark a guarding step that can be looked at as done', 'markDone', { failedSteps: [stopFailed] }, {}, undefined],
  [
    'mark a guarding step that proves nothing',
    'markDone',
    { failedSteps: [syncFailed] },
    {},
    'nothing can be looked at',
  ],
  [
    'mark without a name while two have failed',
    'markDone',
    { failedSteps: [ttlFailed, stopFailed] },
    {},
    'name the step',
  ],
  ['roll back before the commit point', 'rollback', {}, {}, undefined],
  ['roll back after the commit point', 'rollback', { committed: true }, {}, 'only forward'],
  ['abort after the commit point', 'abort', { committed: true }, {}, undefined],
  ['abort a run that is stopping', 'abort', { stopping: true }, {}, 'already'],
  ['anything to a run that has ended', 'pause', { finished: true }, {}, 'has ended'],
])('%s', (...[, name, view, message, refusal]) => {
  const answer = messageRules[name]({ ...running, ...view }, { by: 'ana', ...message });
  if (refusal === undefined) expect(answer).toBeUndefined();
  else expect(answer).toContain(refusal);
});

test('a signature that was heard before cannot be sent again, not even after a withdrawal', () => {
  const { name, question, ledger } = openGate(
    'cutover',
    { keys: { ana: 'key' } },
    {
      ...emptyLedger,
      signedAt: { ana: '2026-12-05T22:00:00Z' },
    },
  );
  const view = { ...running, openGates: [{ name, question, ledger }] };
  const at = (instant: string) => messageRules.decide(view, { by: 'Ana', gate: 'cutover', signature: { at: instant } });
  expect(at('2026-12-05T22:00:00Z')).toContain('sign anew');
  expect(at('2026-12-05T21:59:59Z')).toContain('sign anew');
  expect(at('2026-12-05T22:00:00.001Z')).toBeUndefined();
});

const kinds = Object.keys(stepKinds) as StepKind[];

test.each(kinds)('a failed step of kind %s is left out only when it guards neither data nor fencing', (kind) => {
  const view = { ...running, failedSteps: [{ id: 'one', kind }] };
  const { guards, verification } = traitsOf(kind);
  const skip = messageRules.skip(view, { by: 'ana', step: 'one' });
  const marked = messageRules.markDone(view, { by: 'ana', step: 'one' });
  expect([skip !== undefined, marked !== undefined]).toEqual([guards, guards && verification === undefined]);
});

test('what guards data or fencing is what a data loss or two active sites would come from', () => {
  expect(kinds.filter((kind) => !traitsOf(kind).guards)).toEqual([
    'test-connectivity',
    'manual-step',
    'wait-ttl',
    'barrier',
    'lower-ttl',
    'restore-ttl',
    'stage-standby',
    'start-workload',
    'hold-drill',
    'switch-traffic',
    'run-command',
    'call-webhook',
  ]);
});
