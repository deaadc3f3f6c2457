import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { isGrpcServiceError, ServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { SwitchbackFailure } from '../core/model/failure';
import { failureCodes } from '../core/model/failure-codes';
import type { CallContext, Progress } from '../drivers/ports';
import { recordable, recordableText } from './recordable';

/** Heartbeats come this many times within the timeout, so that a busy moment does not look like a death. */
const BEATS_PER_TIMEOUT = 4;

/** Runs work as an activity: heartbeats with the last progress, cancellation as a signal, failures by their codes. */
export async function runActivity<Result>(
  options: { readonly heartbeatSeconds?: number; readonly attempts: number },
  work: (context: CallContext) => Promise<Result>,
): Promise<Result> {
  const activity = Context.current();
  let latest: Progress = { doing: 'started' };
  const beat = (): void => activity.heartbeat(latest);
  const every = ((options.heartbeatSeconds ?? 0) * 1000) / BEATS_PER_TIMEOUT;
  const timer = every > 0 ? setInterval(beat, every) : undefined;
  const progress = (next: Progress): void => {
    latest = recordable(next);
  };
  try {
    return await work({ signal: activity.cancellationSignal, progress });
  } catch (error) {
    if (activity.cancellationSignal.aborted) await activity.cancelled;
    throw asFailure(error, { attempt: activity.info.attempt, attempts: options.attempts });
  } finally {
    clearInterval(timer);
  }
}

/**
 * The failure as Temporal carries it: type = code. It is retried only when its code says that trying again can help, and only
 * as often as its kind of step allows; an attempt that was lost with its worker never gets here and is always repeated.
 */
export function asFailure(error: unknown, tries: { readonly attempt: number; readonly attempts: number }): unknown {
  if (error instanceof ApplicationFailure) return error;
  if (saysTemporal(error)) return ApplicationFailure.retryable(recordableText(withCause(error)), 'TemporalUnavailable');
  const code = error instanceof SwitchbackFailure ? error.code : 'StepFailed';
  const mayRetry = error instanceof SwitchbackFailure ? failureCodes[code].retryable : true;
  const message = error instanceof Error ? error.message : String(error);
  return ApplicationFailure.create({
    type: code,
    message: recordableText(message),
    nonRetryable: !mayRetry || tries.attempt >= tries.attempts,
    details: [{ attempt: tries.attempt, ...(error instanceof SwitchbackFailure && recordable(error.details)) }],
  });
}

/** gRPC codes that pass: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, FAILED_PRECONDITION, ABORTED, UNAVAILABLE. */
const passing: readonly unknown[] = [4, 8, 9, 10, 14];

/**
 * Temporal does not answer, or not yet: it is down, or a workflow lost its worker a few times in a row and takes no updates
 * until its next task is done. This says nothing about the step, so it is not one of its attempts that count.
 */
function saysTemporal(error: unknown): error is Error {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const answer = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(answer) && passing.includes(answer.code);
}

const withCause = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message;
