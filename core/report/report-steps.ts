import type { JsonObject } from '../model/json';
import type { Phase } from '../model/phase';
import type { StepError, StepStatus } from '../model/run';
import type { StepKind } from '../model/step-kinds';

/** Something computed, and what from: events ("step-done verify-traffic/shop.test") or fields of the plan. */
export interface Figure {
  readonly from: readonly string[];
}

export interface SegmentFigure extends Figure {
  readonly id: string;
  readonly title: string;
  readonly phase: Phase;
  readonly priority?: number;
  readonly steps: number;
  readonly complete: number;
  readonly failed: number;
  readonly startedAt?: string;
  /** Absent until all of its steps are complete. */
  readonly finishedAt?: string;
  readonly seconds?: number;
}

export interface StepFigure extends Figure {
  readonly id: string;
  readonly title: string;
  /** Absent for a step that the plan does not name. */
  readonly kind?: StepKind;
  readonly segment?: string;
  readonly site?: string;
  readonly workload?: string;
  readonly volume?: string;
  readonly record?: string;
  readonly status: StepStatus;
  readonly scheduledAt?: string;
  /** As its worker measured. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** When the run knew. */
  readonly recordedAt?: string;
  /** Measured by the worker for what it ran, by the run for gates and failures. */
  readonly seconds?: number;
  readonly attempts?: number;
  /** Only of a step that a person had tried again: each time that it was handed to a worker, the last one included. */
  readonly tries?: readonly { readonly scheduledAt: string; readonly endedAt?: string }[];
  readonly worker?: string;
  readonly summary?: string;
  /** What its worker saw and measured, as it was recorded: the evidence. */
  readonly facts?: JsonObject;
  readonly error?: StepError;
  readonly by?: string;
  readonly reason?: string;
  /** Only of a step marked as done: what proved it. Absent: it is only claimed. */
  readonly verified?: string;
}

/** The chain of steps that the end had to wait for. The parts of each step, and of the whole, add up to `totalSeconds`. */
export interface CriticalPath extends PathParts, Figure {
  readonly steps: readonly PathStep[];
  /** Orchestrator's part (queued and handover) of what is not waiting, 0 to 1. */
  readonly orchestratorShare: number;
}

export interface PathStep extends PathParts {
  readonly id: string;
  readonly title: string;
}

export interface PathParts {
  readonly totalSeconds: number;
  /** Work, as the worker measured. */
  readonly workSeconds: number;
  /** People and clocks. */
  readonly waitSeconds: number;
  /** Attempts that did not succeed, and the pauses between them. */
  readonly retrySeconds: number;
  /** From the dependencies done to scheduled: the executor and its concurrency limit. */
  readonly queuedSeconds: number;
  /** From scheduled to started, and from finished to recorded. */
  readonly handoverSeconds: number;
}

export interface EstimateFigure extends Figure {
  readonly estimateSeconds?: number;
  /** How many earlier runs it was from; absent: the estimates of the steps. */
  readonly earlierRuns?: number;
  /** From the plan to the end, without waits for people and windows; absent until every step is complete. */
  readonly actualSeconds?: number;
}

export interface RollbackFigure extends Figure {
  readonly startedAt: string;
  readonly by: string;
  readonly reason: string;
  readonly compensations: readonly CompensationFigure[];
}

export interface CompensationFigure extends Omit<StepFigure, 'status'> {
  /** not-run: needed, but the run ended without it. */
  readonly status: 'pending' | 'running' | 'done' | 'failed' | 'not-needed' | 'not-run';
  readonly compensates: readonly string[];
}
