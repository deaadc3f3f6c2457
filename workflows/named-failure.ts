import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { z } from 'zod';
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

/** Of a message that is refused. The Web UI shows a stack below it, where a person looks for the reason and not for our files. */
export const refusedWith = (refusal: string, code: FailureCode): ApplicationFailure =>
  Object.assign(ApplicationFailure.nonRetryable(refusal, code), { stack: '' });

/** What is wrong with the shape of a message, and what it should be; undefined when nothing is. */
export function wrongShape(
  { schema, description }: { readonly schema: z.ZodType; readonly description: string },
  payload: unknown,
): string | undefined {
  const { error } = schema.safeParse(payload);
  if (error === undefined) return undefined;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the message'}: ${message}`);
  return `${problems.join('; ')}. ${description}`.slice(0, 1000);
}

function withFix(code: string, message: string): string {
  if (!(code in failureCodes)) return message;
  return `${message}. What to do: ${failureCodes[code as FailureCode].fix}`;
}
