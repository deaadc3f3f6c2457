import { defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { FailureCode } from '../core/model/failure-codes';
import { messageRules, stepsOf } from '../core/running/message-rules';
import { takeAtGate, verified, type GateMessage, type GateTarget } from './gate-messages';
import { messages, type MessageName, type OperationInput } from './messages';
import { lookForPoint, stopForPoint } from './look-for-point';
import { refusedWith, wrongShape } from './named-failure';
import { lookAtClaim } from './step-claims';

interface Parsed extends Omit<GateMessage, 'name' | 'via'> {
  readonly reason?: string | undefined;
  readonly step?: string | undefined;
  readonly recoveryPoint?: string | undefined;
}

/** What the handlers act on. `view` is asked anew for each message. */
export interface MessageTarget extends GateTarget {
  readonly changed: () => void;
  readonly batches: Batches;
  readonly input: OperationInput;
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
        const refusal = refuseNow(target, name, payload) ?? receive(target, name, { payload, via: 'signal' });
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
        if (refusal instanceof Promise) return refusal.then((late) => refuseUpdate(target, name, late));
        target.changed();
        return 'accepted';
      },
      {
        description,
        validator: (payload: unknown) => {
          const refusal = refuseNow(target, name, payload);
          if (refusal !== undefined) throw refusedWith(refusal, 'InvalidInput');
        },
      },
    );
  }
}

/** @param asking which one the message was signed for, once its signature was verified. */
function refusalOf(target: MessageTarget, name: MessageName, payload: unknown, asking?: number): string | undefined {
  const wrong = wrongShape(messages[name], payload);
  return wrong ?? messageRules[name](target.view(), { ...parse(name, payload), asking });
}

/** What can be said before a signature is verified. */
function refuseNow(target: MessageTarget, name: MessageName, payload: unknown): string | undefined {
  const refusal = refusalOf(target, name, payload);
  if (refusal !== undefined) return refusal;
  const { gate, signature } = parse(name, payload);
  return signature === undefined || gate === undefined ? undefined : target.checks.refusal(gate);
}

const parse = (name: MessageName, payload: unknown): Parsed => messages[name].schema.parse(payload);

/**
 * Takes a message that is not refused. What is signed, or said to be done by hand, is verified first; by then the message may
 * have become impossible.
 */
function receive(
  target: MessageTarget,
  name: MessageName,
  { payload, via }: { readonly payload: unknown; readonly via: 'signal' | 'update' },
): undefined | Promise<string | undefined> {
  const parsed = parse(name, payload);
  if (name === 'markDone') return markDone(target, payload, parsed);
  if (name === 'choosePoint') return choosePoint(target, payload, parsed);
  if (name !== 'decide' && name !== 'withdraw' && name !== 'delegate') {
    apply(target, name, parsed);
    return undefined;
  }
  const message = { ...parsed, name, via };
  if (parsed.signature === undefined) {
    takeAtGate(target, message, undefined);
    return undefined;
  }
  return verified(target, message).then((outcome) => {
    if (typeof outcome === 'string') return outcome;
    const refusal = refusalOf(target, name, payload, outcome.asking);
    if (refusal === undefined) takeAtGate(target, message, outcome.signed);
    return refusal;
  });
}

function refuseLate(target: MessageTarget, name: MessageName, refusal: string | undefined): void {
  if (refusal !== undefined) target.record.refuse(name, refusal);
  target.changed();
}

function refuseUpdate(target: MessageTarget, name: MessageName, refusal: string | undefined): string {
  target.changed();
  if (refusal === undefined) return 'accepted';
  throw refusedWith(refusal, lateCodes[name] ?? 'SignatureInvalid');
}

/** Of what is found out only after a message was taken. */
const lateCodes: Partial<Record<MessageName, FailureCode>> = {
  markDone: 'NotVerified',
  choosePoint: 'RecoveryPointMissing',
};

/** Nothing changes before the step was seen to be done, where its kind lets that be seen. */
function markDone(target: MessageTarget, payload: unknown, parsed: Parsed): undefined | Promise<string | undefined> {
  const [step = ''] = stepsOf(target.view(), parsed);
  const take = (verified?: string): undefined => {
    recordMessage(target, 'markDone', parsed);
    leaveOut(target, 'marked-done', { parsed, step, ...(verified !== undefined && { verified }) });
  };
  const looking = lookAtClaim(target, step);
  if (looking === undefined) return take();
  return looking.then(({ done, saw }) => {
    if (!done) return `step "${step}" is not done: ${saw}`;
    const refusal = refusalOf(target, 'markDone', payload);
    if (refusal !== undefined) return refusal;
    return stepsOf(target.view(), parsed)[0] === step ? take(saw) : `step "${step}" has not failed any more`;
  });
}

/** Nothing changes before the site was asked whether it has such a point. */
async function choosePoint(target: MessageTarget, payload: unknown, parsed: Parsed): Promise<string | undefined> {
  const plan = target.plan();
  const { by, reason = '', recoveryPoint = '' } = parsed;
  if (plan === undefined) return 'the run has no plan yet';
  const refusal = (await lookForPoint(plan, recoveryPoint)) ?? refusalOf(target, 'choosePoint', payload);
  if (refusal !== undefined) return refusal;
  recordMessage(target, 'choosePoint', { ...parsed, reason: `${recoveryPoint}: ${reason}` });
  target.control.requestStop(stopForPoint(target, { by, reason, recoveryPoint }));
  void target.batches.forwardToBatches();
  return undefined;
}

type SteeringName = Exclude<MessageName, GateMessage['name'] | 'markDone' | 'choosePoint'>;

function recordMessage({ record }: MessageTarget, name: MessageName, { by, reason }: Parsed): void {
  record.add({ kind: 'message', name, by, ...(reason !== undefined && { reason }) });
}

function apply(target: MessageTarget, name: SteeringName, parsed: Parsed): void {
  const { control } = target;
  const meant = stepsOf(target.view(), parsed);
  recordMessage(target, name, parsed);
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
      for (const step of meant) leaveOut(target, 'skipped', { parsed, step });
      break;
    case 'rollback':
    case 'abort':
      control.requestStop({ kind: name, by: parsed.by, reason: parsed.reason ?? 'asked for' });
      void target.batches.forwardToBatches();
      break;
    default:
      name satisfies never;
  }
}

function leaveOut(
  { record, control, batches }: MessageTarget,
  as: 'skipped' | 'marked-done',
  { parsed, step, verified }: { readonly parsed: Parsed; readonly step: string; readonly verified?: string },
): void {
  const said = { step, by: parsed.by, reason: parsed.reason ?? '' };
  if (as === 'skipped') record.add({ kind: 'step-skipped', ...said });
  else record.add({ kind: 'step-marked-done', ...said, ...(verified !== undefined && { verified }) });
  control.leaveOut(step, as);
  void batches.leaveOutInBatches(step, as);
}
