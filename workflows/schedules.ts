import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';
import type { ScheduleSpec } from '../core/model/schedule';
import { control } from './callers';
import { failByName } from './named-failure';

const schedulesInput = z.strictObject({ runbook: z.string().min(1) });

/** The schedules that a runbook of the worker declares. Looks at no site, and changes nothing. */
export function schedules(input: unknown): Promise<readonly ScheduleSpec[]> {
  return failByName(() => {
    const parsed = schedulesInput.safeParse(input);
    if (!parsed.success) throw ApplicationFailure.nonRetryable(z.prettifyError(parsed.error), 'InvalidInput');
    return control.readSchedules(parsed.data);
  });
}
