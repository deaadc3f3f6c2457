import { ApplicationFailure, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { gateOf, messageRules, stepsOf, type RunView } from '../core/running/message-rules';
import { messages, type MessageName } from './messages';
import type { RunControl } from './run-control';
import { now, type RunRecord } from './run-record';

interface Parsed {
  readonly by: string;
  readonly reason?: string | undefined;
  readonly comment?: string | undefined;
  readonly gate?: string | undefined;
  readonly step?: string | undefined;
  readonly decision?: 'approve' | 'decline' | undefined;
}

/** What the handlers act on. `view` is asked anew for each message. */
export interface MessageTarget {
  readonly control: RunControl;
  readonly record: RunRecord;
  readonly view: () => RunView;
  readonly planHash: () => string;
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
        const refusal = refusalOf(target, name, payload);
        if (refusal === undefined) apply(target, name, { parsed: parse(name, payload), via: 'signal' });
        else target.record.refuse(name, refusal);
        target.changed();
      },
      { description },
    );
    setHandler(
      defineUpdate<string, [unknown]>(name),
      (payload: unknown) => {
        apply(target, name, { parsed: parse(name, payload), via: 'update' });
        target.changed();
        return 'accepted';
      },
      {
        description,
        validator: (payload: unknown) => {
          const refusal = refusalOf(target, name, payload);
          if (refusal !== undefined) throw ApplicationFailure.nonRetryable(refusal, 'InvalidInput');
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

function apply(target: MessageTarget, name: MessageName, message: { parsed: Parsed; via: 'signal' | 'update' }): void {
  const { control, record } = target;
  const { parsed } = message;
  const reason = parsed.reason;
  const meant = stepsOf(target.view(), parsed);
  if (name !== 'decide') record.add({ kind: 'message', name, by: parsed.by, ...(reason !== undefined && { reason }) });
  switch (name) {
    case 'decide':
      decide(target, message);
      break;
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

function decide(target: MessageTarget, { parsed, via }: { parsed: Parsed; via: 'signal' | 'update' }): void {
  const gate = gateOf(target.view(), parsed)?.name;
  if (gate === undefined || parsed.decision === undefined) return;
  const decision = {
    gate,
    by: parsed.by,
    decision: parsed.decision,
    ...(parsed.comment !== undefined && { comment: parsed.comment }),
    at: now(),
    via,
    planHash: target.planHash(),
  };
  target.record.add({ kind: 'decision', decision });
  target.control.decisions.set(gate, decision);
  target.control.wake();
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
