import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { failureCodes, type FailureCode } from '../core/model/failure-codes';
import { stepErrorOf } from './run-record';

/**
 * Runs the body of a workflow such that it can end badly only by name: what an activity failed with becomes the failure of the
 * workflow itself, never retried, with what to do about it.
 */
export async function failByName<Result>(body: () => Promise<Result>): Promise<Result> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const { code, message } = stepErrorOf(error);
    throw ApplicationFailure.nonRetryable(withFix(code, message), code);
  }
}

function withFix(code: string, message: string): string {
  if (!(code in failureCodes)) return message;
  return `${message}. What to do: ${failureCodes[code as FailureCode].fix}`;
}
