import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';
import { control } from './callers';

const stepTimeInput = z.strictObject({ steps: z.number().int().min(1).max(200) });

/** What the orchestrator itself costs: no-op steps one after another, in milliseconds each. */
export async function stepTime(input: unknown): Promise<{ readonly medianMs: number; readonly maxMs: number }> {
  const parsed = stepTimeInput.safeParse(input);
  if (!parsed.success) throw ApplicationFailure.nonRetryable(z.prettifyError(parsed.error), 'InvalidInput');
  const times: number[] = [];
  for (let step = 0; step < parsed.data.steps; step += 1) {
    const begun = Date.now();
    await control.noOp();
    times.push(Date.now() - begun);
  }
  times.sort((left, right) => left - right);
  return { medianMs: times[Math.floor(times.length / 2)] ?? 0, maxMs: times.at(-1) ?? 0 };
}
