/** When a run starts by itself, again and again, as a runbook says it. Kept out of `Runbook`: no plan depends on it. */
export interface ScheduleSpec {
  /** Unique in the runbook. */
  readonly name: string;
  readonly operation: 'drill';
  /** Local date and time in `timeZone` with which `repeat` begins, "2027-01-05T10:00". */
  readonly start: string;
  /** RFC 5545 recurrence: "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU". */
  readonly repeat: string;
  readonly timeZone: string;
  /** `start` as an ISO instant; nothing starts before it. */
  readonly startsAt: string;
  /** The moments of `repeat`: those that any of these has. */
  readonly calendars: readonly Calendar[];
  /** So many seconds later at most, by chance, each time; absent: at once. */
  readonly jitterSeconds?: number;
  /** A start that is missed because Temporal was down is made up for within so many seconds, and else left out. */
  readonly catchUpSeconds: number;
  /** Whether a run that does not end well pauses the schedule. */
  readonly pauseOnFailure: boolean;
  /** What the run is asked for, beside its runbook. */
  readonly options: DrillOptions;
}

/** As the input of the workflow `drill` takes them. */
interface DrillOptions {
  readonly keepSeconds?: number;
  readonly recoveryPoint?: string;
  readonly roundTrip?: boolean;
}

/** A moment is in it when every field has it; as Temporal's structured calendars. */
export interface Calendar {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly daysOfMonth: readonly NumberRange[];
  readonly months: readonly NumberRange[];
  /** Sunday is 0. */
  readonly daysOfWeek: readonly NumberRange[];
  /** Empty: every year. */
  readonly years: readonly NumberRange[];
}

/** `start`, `start + step` and so on, up to `end`. */
export interface NumberRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}
