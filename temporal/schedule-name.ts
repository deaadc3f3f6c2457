import { scheduleId } from '../core/model/names';

/** How a schedule is known to be one of ours: by its memo, which nothing but its creation sets. */
export interface ScheduleName {
  readonly group: string;
  readonly name: string;
}

export const memoOf = ({ group, name }: ScheduleName): Record<string, unknown> => ({
  switchbackGroup: group,
  switchbackSchedule: name,
});

/** Undefined for a schedule that somebody else has made. */
export function ownName(memo: Readonly<Record<string, unknown>> | undefined, id: string): ScheduleName | undefined {
  const [group, name] = [memo?.['switchbackGroup'], memo?.['switchbackSchedule']];
  if (typeof group !== 'string' || typeof name !== 'string') return undefined;
  return id === scheduleId(group, name) ? { group, name } : undefined;
}
