import { defineSignal } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { RunEvent, StepError, StepState } from '../core/model/run';
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

/** From the run to a batch. */
export type SegmentCommand =
  | { readonly kind: 'pause' | 'resume' | 'stop' }
  | { readonly kind: 'retry'; readonly steps: readonly string[] }
  | { readonly kind: 'leave-out'; readonly step: string; readonly as: 'skipped' | 'marked-done' };

/** From a batch to the run: which of its steps have failed now. */
export interface SegmentNews {
  readonly batch: string;
  readonly failed: readonly { readonly id: string; readonly error: StepError }[];
}

export const segmentCommand = defineSignal<[SegmentCommand]>('segmentCommand');
export const segmentNews = defineSignal<[SegmentNews]>('segmentNews');
