import { messageRules, type RunView } from '../../../core/running/message-rules';

const running: RunView = {
  finished: false,
  paused: false,
  committed: false,
  stopping: false,
  openGates: [],
  failedSteps: [],
};
const gate = { name: 'cutover', approvers: ['ana'] };
const window2 = { name: 'second', approvers: [] };
const stopFailed = { id: 'stop-workload/ledger@beta', kind: 'stop-workload' } as const;
const ttlFailed = { id: 'lower-ttl/shop@alpha', kind: 'lower-ttl' } as const;

type Name = keyof typeof messageRules;
type Case = readonly [title: string, name: Name, view: Partial<RunView>, message: object, refusal: string | undefined];

test.each<Case>([
  ['decide at the one open gate', 'decide', { openGates: [gate] }, {}, undefined],
  ['decide with no gate open', 'decide', {}, {}, 'no gate is open now'],
  ['decide without a name while two are open', 'decide', { openGates: [gate, window2] }, {}, 'name the gate'],
  ['decide at a gate that is not open', 'decide', { openGates: [gate] }, { gate: 'other' }, 'gate "other" is not open'],
  ['decide by somebody who may not', 'decide', { openGates: [gate] }, { by: 'bob' }, '"bob" may not decide'],
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
  ['mark a guarding step as done', 'markDone', { failedSteps: [stopFailed] }, {}, 'guards data or fencing'],
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
