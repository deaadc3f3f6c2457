import type { CalendarSpec, ScheduleDescription } from '@temporalio/client';
import { canonicalJson } from '../../core/planning/canonical-json';
import type { ScheduleSpec } from '../../core/model/schedule';
import { formatSeconds } from '../terminal/format';
import { localText } from '../views/local-text';
import type { WantedSchedule } from './schedule-options';

/** What one field of a schedule is and what it becomes, in words. */
export interface FieldChange {
  readonly field: string;
  /** Absent: it was not there. */
  readonly from?: string;
  readonly to?: string;
}

type Fields = Readonly<Record<string, string | undefined>>;

/** What a schedule as it is has other than it should have, field by field; empty when nothing. */
export function fieldChanges(actual: ScheduleDescription, wanted: WantedSchedule): readonly FieldChange[] {
  const [before, after] = [fieldsOf(actual), fieldsOf(wanted)];
  const changed = Object.keys(after).filter((field) => before[field] !== after[field]);
  // The rule says it in fewer words; the calendars are told only when somebody has changed them and not the rule.
  const told = changed.filter((field) => field !== 'calendars' || !changed.some((one) => sayTheSame.includes(one)));
  return told.map((field) => changeOf(field, before[field], after[field]));
}

const sayTheSame = ['start', 'repeat', 'time zone'];

const changeOf = (field: string, from: string | undefined, to: string | undefined): FieldChange => ({
  field,
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

/** Input of the workflow that is started. */
type DrillAsked = ScheduleSpec['options'] & Readonly<Record<string, unknown>>;

function fieldsOf({ spec, action, policies }: WantedSchedule | ScheduleDescription): Fields {
  const { keepSeconds, recoveryPoint, roundTrip, ...input } = (action.args?.[0] ?? {}) as DrillAsked;
  const { workflowId, workflowType, taskQueue, staticSummary } = action;
  const zone = spec.timezone || 'UTC';
  return {
    start: spec.startAt && localText(spec.startAt.toISOString(), zone),
    repeat: spec.calendars?.[0]?.comment,
    'time zone': zone,
    calendars: calendarsText(spec),
    jitter: secondsText(spec.jitter),
    'catch-up': secondsText(policies.catchupWindow),
    overlap: policies.overlap,
    'pause on failure': policies.pauseOnFailure ? 'yes' : 'no',
    keep: keepSeconds === undefined ? undefined : formatSeconds(keepSeconds),
    'recovery point': recoveryPoint,
    'round trip': roundTrip === undefined ? undefined : roundTrip ? 'yes' : 'no',
    // What no runbook changes, and somebody may have changed by hand all the same.
    started: canonicalJson({ input, workflowId, workflowType, taskQueue, staticSummary }),
  };
}

const secondsText = (duration: unknown): string | undefined =>
  typeof duration === 'number' && duration > 0 ? formatSeconds(duration / 1000) : undefined;

type Spec = WantedSchedule['spec'] | ScheduleDescription['spec'];

/** All that decides when it starts, in one form whoever has written it. */
const calendarsText = ({ calendars = [], intervals = [], skip = [], endAt }: Spec): string =>
  canonicalJson({
    calendars: calendars.map(withDefaults),
    ...(intervals.length > 0 && { intervals }),
    ...(skip.length > 0 && { skip }),
    ...(endAt && { endAt: endAt.toISOString() }),
  });

/** Temporal writes out what was left out, and single numbers as lists. */
const withDefaults = ({ comment: _comment, ...calendar }: CalendarSpec): object => ({
  ...calendar,
  second: listed(calendar.second),
  minute: listed(calendar.minute),
  hour: listed(calendar.hour),
  year: calendar.year ?? [],
});

const listed = (value: CalendarSpec['hour']): unknown =>
  typeof value === 'number' ? [{ start: value, end: value, step: 1 }] : value;
