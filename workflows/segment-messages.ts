import { defineSignal } from '@temporalio/workflow';
import { z } from 'zod';
import type { PlanStep } from '../core/model/plan';
import type { RunEvent, StepState } from '../core/model/run';
import type { StepContext } from './perform-step';

/** Input of the child workflow that runs a batch of a large plan. */
export interface SegmentInput {
  readonly context: StepContext;
  readonly steps: readonly PlanStep[];
  readonly requires: Readonly<Record<string, readonly string[]>>;
  readonly concurrency: number;
  readonly onFailure: 'ask' | 'continue';
  readonly compensating: boolean;
  /** States of steps outside the batch whose facts its members need, and of members that have ended before. */
  readonly known: Readonly<Record<string, StepState>>;
}

export interface SegmentResult {
  readonly outcome: 'complete' | 'stopped';
  readonly states: readonly StepState[];
  readonly events: readonly RunEvent[];
}

const stepId = z.string().min(1);

/** From the run to a batch. */
export const segmentCommandShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['pause', 'resume', 'stop']) }),
  z.strictObject({ kind: z.literal('retry'), steps: z.array(stepId).readonly() }),
  z.strictObject({ kind: z.literal('leave-out'), step: stepId, as: z.enum(['skipped', 'marked-done']) }),
]);

/** From a batch to the run: which of its steps have failed now. */
export const segmentNewsShape = z.strictObject({
  batch: z.string(),
  failed: z.array(
    z.strictObject({
      id: stepId,
      error: z.strictObject({ code: z.string(), message: z.string(), attempts: z.number() }),
      failures: z.number().optional().describe('How often it has failed by now'),
    }),
  ),
});

export type SegmentCommand = z.infer<typeof segmentCommandShape>;
export type SegmentNews = z.infer<typeof segmentNewsShape>;

/** Whoever may signal a workflow may send these: what has another shape is passed over, and can break nothing. */
export const segmentCommand = defineSignal<[unknown]>('segmentCommand');
export const segmentNews = defineSignal<[unknown]>('segmentNews');
