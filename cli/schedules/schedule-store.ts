import type { ScheduleDescription, ScheduleHandle } from '@temporalio/client';
import { SwitchbackFailure } from '../../core/model/failure';
import { scheduleId } from '../../core/model/names';
import type { ScheduleSpec } from '../../core/model/schedule';
import type { Session } from '../temporal/session';
import { memoOf, ownName, type ScheduleName } from '../../temporal/schedule-name';
import { wantedSchedule } from './schedule-options';

/** A schedule of ours as Temporal has it. */
export interface OwnSchedule extends ScheduleName {
  readonly id: string;
}

/** The schedules that Switchback has made, of one group or of all, by name. What is a moment old may not be in it yet. */
export function listSchedules(session: Session, group?: string): Promise<readonly OwnSchedule[]> {
  return session.call('the list of schedules', async () => {
    const found: OwnSchedule[] = [];
    for await (const { scheduleId: id, memo } of session.client.schedule.list()) {
      const name = ownName(memo, id);
      if (name !== undefined && (group === undefined || name.group === group)) found.push({ id, ...name });
    }
    return found.sort((one, other) => (one.id < other.id ? -1 : 1));
  });
}

/** When schedules start the next drill of each group that has any, as ISO instants. */
export function nextDrills(session: Session): Promise<ReadonlyMap<string, string>> {
  return session.call('the list of schedules', async () => {
    const next = new Map<string, string>();
    for await (const { scheduleId: id, memo, state, info } of session.client.schedule.list()) {
      const [time] = state?.paused ? [] : (info?.nextActionTimes ?? []);
      const group = ownName(memo, id)?.group;
      if (time === undefined || group === undefined) continue;
      const [instant, before] = [time.toISOString(), next.get(group)];
      if (before === undefined || instant < before) next.set(group, instant);
    }
    return next;
  });
}

export const handleOf = (session: Session, { group, name }: ScheduleName): ScheduleHandle =>
  session.client.schedule.getHandle(scheduleId(group, name));

/** Undefined when there is none. @throws InvalidInput when somebody else has made one of that id. */
export async function describeSchedule(session: Session, name: ScheduleName): Promise<ScheduleDescription | undefined> {
  const id = scheduleId(name.group, name.name);
  try {
    const description = await session.call(`schedule ${id}`, () => handleOf(session, name).describe());
    if (ownName(description.memo, id) !== undefined) return description;
  } catch (error) {
    if (error instanceof SwitchbackFailure && error.code === 'ScheduleNotFound') return undefined;
    throw error;
  }
  throw new SwitchbackFailure(
    'InvalidInput',
    `the schedule ${id} is there, and Switchback has not made it: it is left alone. Remove it, or name yours otherwise.`,
    { schedule: id },
  );
}

/** Where people read on the page of the schedule how it comes there. */
export const noteOf = (group: string): string =>
  `Declared in the runbook ${group}. Change it there, then: switchback schedule apply ${group}`;

export async function createSchedule(session: Session, group: string, schedule: ScheduleSpec): Promise<void> {
  const { defineSearchAttributeKey } = await import('@temporalio/common');
  const name = { group, name: schedule.name };
  const id = scheduleId(group, schedule.name);
  await session.call(`schedule ${id}`, () =>
    session.client.schedule.create({
      scheduleId: id,
      ...wantedSchedule(group, schedule),
      memo: memoOf(name),
      typedSearchAttributes: [
        { key: defineSearchAttributeKey('SwitchbackGroup', 'KEYWORD'), value: group },
        { key: defineSearchAttributeKey('SwitchbackOperation', 'KEYWORD'), value: schedule.operation },
      ],
      state: { note: noteOf(group) },
    }),
  );
}

/** Whether it is paused, and why, stays as it is. */
export async function updateSchedule(session: Session, group: string, schedule: ScheduleSpec): Promise<void> {
  const handle = handleOf(session, { group, name: schedule.name });
  await session.call(`schedule ${handle.scheduleId}`, () =>
    handle.update(({ state }) => ({ ...wantedSchedule(group, schedule), state })),
  );
}

export async function removeSchedule(session: Session, name: ScheduleName): Promise<void> {
  const handle = handleOf(session, name);
  await session.call(`schedule ${handle.scheduleId}`, () => handle.delete());
}

/** "shop/quarterly-drill", "schedule/shop/quarterly-drill", or a name alone that one group has. @throws ScheduleNotFound */
export async function resolveSchedule(session: Session, text: string): Promise<ScheduleName> {
  const [, group, name] = /^(?:schedule\/)?([^/]+)\/([^/]+)$/.exec(text) ?? [];
  if (group !== undefined && name !== undefined) {
    if ((await describeSchedule(session, { group, name })) !== undefined) return { group, name };
    throw notFound(text, await listSchedules(session));
  }
  const all = await listSchedules(session);
  const [found, another] = all.filter((one) => one.name === text);
  if (found === undefined) throw notFound(text, all);
  if (another === undefined) return found;
  throw new SwitchbackFailure(
    'InvalidInput',
    `several groups have a schedule "${text}"; write for example ${found.group}/${text} or ${another.group}/${text}`,
  );
}

function notFound(text: string, all: readonly ScheduleName[]): SwitchbackFailure {
  const there = all.map(({ group, name }) => `${group}/${name}`).join(', ') || 'none';
  return new SwitchbackFailure('ScheduleNotFound', `there is no schedule "${text}"; there: ${there}`);
}
