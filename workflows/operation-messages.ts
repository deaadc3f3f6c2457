import { ApplicationFailure, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { FailureCode } from '../core/model/failure-codes';
import { messageRules, stepsOf } from '../core/running/message-rules';
import { takeAtGate, verified, type GateMessage, type GateTarget } from './gate-messages';
import { messages, type MessageName } from './messages';

interface Parsed extends Omit<GateMessage, 'name' | 'via'> {
  readonly reason?: string | undefined;
  readonly step?: string | undefined;
}

/** What the handlers act on. `view` is asked anew for each message. */
export interface MessageTarget extends GateTarget {
  readonly changed: () => void;
  readonly batches: Batches;
}

/** The child workflows of a large plan: what people ask reaches the steps inside them. */
export interface Batches {
  forwardToBatches(): Promise<void>;
  retryInBatches(steps: readonly string[]): Promise<void>;
  leaveOutInBatches(step: string, as: 'skipped' | 'marked-done'): Promise<void>;
}

/**
 * Every message as a signal (recorded as refused when it is bad) and as an update (rejected at once, before history).
 * A bad message of any shape changes nothing and can never break the run.
 */
export function listenToPeople(target: MessageTarget): void {
  for (const name of Object.keys(messages) as MessageName[]) {
    const { description } = messages[name];
    setHandler(
      defineSignal<[unknown]>(name),
      (payload: unknown) => {
        const refusal = refusalOf(target, name, payload) ?? receive(target, name, { payload, via: 'signal' });
        if (refusal instanceof Promise) return refusal.then((late) => refuseLate(target, name, late));
        if (refusal !== undefined) target.record.refuse(name, refusal);
        target.changed();
        return undefined;
      },
      { description },
    );
    setHandler(
      defineUpdate<string, [unknown]>(name),
      (payload: unknown) => {
        const refusal = receive(target, name, { payload, via: 'update' });
        if (refusal instanceof Promise) return refusal.then((late) => refuseUpdate(target, late));
        target.changed();
        return 'accepted';
      },
      {
        description,
        validator: (payload: unknown) => {
          const refusal = refusalOf(target, name, payload);
          if (refusal !== undefined) throw refusedWith(refusal, 'InvalidInput');
        },
      },
    );
  }
}

function refusalOf(target: MessageTarget, name: MessageName, payload: unknown): string | undefined {
  const result = messages[name].schema.safeParse(payload);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'the message'}: ${issue.message}`);
    return `${problems.join('; ')}. ${messages[name].description}`.slice(0, 1000);
  }
  return messageRules[name](target.view(), result.data);
}

const parse = (name: MessageName, payload: unknown): Parsed => messages[name].schema.parse(payload);

/** Takes a message that is not refused. A signed one is verified first, and by then it may have become impossible. */
function receive(
  target: MessageTarget,
  name: MessageName,
  { payload, via }: { readonly payload: unknown; readonly via: 'signal' | 'update' },
): undefined | Promise<string | undefined> {
  const parsed = parse(name, payload);
  if (name !== 'decide' && name !== 'withdraw' && name !== 'delegate') {
    apply(target, name, parsed);
    return undefined;
  }
  const message = { ...parsed, name, via };
  if (parsed.signature === undefined) {
    takeAtGate(target, message, undefined);
    return undefined;
  }
  return verified(target, message).then((signed) => {
    const refusal = typeof signed === 'string' ? signed : refusalOf(target, name, payload);
    if (refusal === undefined && typeof signed === 'object') takeAtGate(target, message, signed);
    return refusal;
  });
}

function refuseLate(target: MessageTarget, name: MessageName, refusal: string | undefined): void {
  if (refusal !== undefined) target.record.refuse(name, refusal);
  target.changed();
}

function refuseUpdate(target: MessageTarget, refusal: string | undefined): string {
  target.changed();
  if (refusal !== undefined) throw refusedWith(refusal, 'SignatureInvalid');
  return 'accepted';
}

/** The Web UI shows a stack below the message, where a person looks for the reason and not for our files. */
function refusedWith(refusal: string, code: FailureCode): ApplicationFailure {
  return Object.assign(ApplicationFailure.nonRetryable(refusal, code), { stack: '' });
}

type SteeringName = Exclude<MessageName, GateMessage['name']>;

function apply(target: MessageTarget, name: SteeringName, parsed: Parsed): void {
  const { control, record } = target;
  const reason = parsed.reason;
  const meant = stepsOf(target.view(), parsed);
  record.add({ kind: 'message', name, by: parsed.by, ...(reason !== undefined && { reason }) });
  switch (name) {
    case 'pause':
    case 'resume':
      control.paused = name === 'pause';
      control.wake();
      void target.batches.forwardToBatches();
      break;
    case 'retry':
      control.requestRetry(meant);
      void target.batches.retryInBatches(meant);
      break;
    case 'skip':
    case 'markDone':
      leaveOut(target, name, { parsed, steps: meant });
      break;
    case 'rollback':
    case 'abort':
      control.requestStop({ kind: name, by: parsed.by, reason: reason ?? 'asked for' });
      void target.batches.forwardToBatches();
      break;
    default:
      name satisfies never;
  }
}

function leaveOut(
  target: MessageTarget,
  name: 'skip' | 'markDone',
  asked: { parsed: Parsed; steps: readonly string[] },
): void {
  const kind = name === 'skip' ? 'step-skipped' : 'step-marked-done';
  const reason = asked.parsed.reason ?? '';
  for (const step of asked.steps) {
    target.record.add({ kind, step, by: asked.parsed.by, reason });
    target.control.leaveOut(step, name === 'skip' ? 'skipped' : 'marked-done');
    void target.batches.leaveOutInBatches(step, name === 'skip' ? 'skipped' : 'marked-done');
  }
}
