import type { ScheduleSpec } from '../../core/model/schedule';
import { declaredSchedules } from '../temporal/operations';
import type { Session } from '../temporal/session';
import { fieldChanges, type FieldChange } from './schedule-fields';
import { wantedSchedule } from './schedule-options';
import { createSchedule, describeSchedule, listSchedules, removeSchedule, updateSchedule } from './schedule-store';

/** What becomes of one schedule. */
export interface ScheduleChange {
  readonly group: string;
  readonly name: string;
  readonly change: 'created' | 'changed' | 'unchanged' | 'removed';
  /** Of a changed one. */
  readonly fields: readonly FieldChange[];
  /** Of one that is paused, and stays so: why. */
  readonly paused?: string;
}

interface Planned {
  readonly change: ScheduleChange;
  readonly carryOut: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

/**
 * Makes the schedules of the groups what their runbooks declare; those of others are left alone. All runbooks are read and
 * compared before the first change.
 */
export async function applySchedules(
  session: Session,
  runbooks: readonly string[],
  { dryRun }: { readonly dryRun: boolean },
): Promise<readonly ScheduleChange[]> {
  const planned: Planned[] = [];
  for (const group of runbooks) planned.push(...(await planGroup(session, group)));
  if (!dryRun) for (const { carryOut } of planned) await carryOut();
  return planned.map(({ change }) => change);
}

async function planGroup(session: Session, group: string): Promise<readonly Planned[]> {
  const declared = await declaredSchedules(session, group);
  const names = new Set(declared.map(({ name }) => name));
  const kept = await Promise.all(declared.map((schedule) => planOne(session, group, schedule)));
  const gone = (await listSchedules(session, group)).filter(({ name }) => !names.has(name));
  return [
    ...kept,
    ...gone.map(({ name }) => ({
      change: { group, name, change: 'removed' as const, fields: [] },
      carryOut: () => removeSchedule(session, { group, name }),
    })),
  ];
}

async function planOne(session: Session, group: string, schedule: ScheduleSpec): Promise<Planned> {
  const { name } = schedule;
  const there = await describeSchedule(session, { group, name });
  if (there === undefined) {
    return {
      change: { group, name, change: 'created', fields: [] },
      carryOut: () => createSchedule(session, group, schedule),
    };
  }
  const { paused, note = '' } = there.state;
  const fields = fieldChanges(there, wantedSchedule(group, schedule));
  const more = { fields, ...(paused && { paused: note }) };
  if (fields.length === 0) return { change: { group, name, change: 'unchanged', ...more }, carryOut: nothing };
  return {
    change: { group, name, change: 'changed', ...more },
    carryOut: () => updateSchedule(session, group, schedule),
  };
}
