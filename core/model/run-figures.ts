import type { FailoverMode } from './operation';

/** Figures of the report of a run, small enough to be kept with the group. In seconds; people's waits are a part of `seconds`. */
export interface RunFigures {
  readonly mode?: FailoverMode;
  /** As it was claimed when the run was started; absent: nobody said. */
  readonly requestedBy?: string;
  /** Absent: the run did not move the service, or did not come so far. */
  readonly recovery?: MeasuredStretch;
  readonly downtime?: MeasuredStretch;
  readonly dataLoss: {
    readonly status: DataLossStatus;
    readonly seconds?: number;
  };
}

export interface MeasuredStretch {
  readonly seconds: number;
  readonly peopleSeconds: number;
}

/** none: proven. lost: restored from what was behind. expected: shown, not restored yet. */
export const dataLossStatuses = ['none', 'lost', 'expected', 'unknown', 'not-applicable'] as const;
export type DataLossStatus = (typeof dataLossStatuses)[number];
