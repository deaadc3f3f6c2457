import type { Session } from '../temporal/session';
import type { ScheduleName } from '../../temporal/schedule-name';
import { handleOf, noteOf } from './schedule-store';

export async function pauseSchedule(session: Session, name: ScheduleName, note: string): Promise<void> {
  const handle = handleOf(session, name);
  await session.call(`schedule ${handle.scheduleId}`, () => handle.pause(note));
}

export async function resumeSchedule(session: Session, name: ScheduleName): Promise<void> {
  const handle = handleOf(session, name);
  await session.call(`schedule ${handle.scheduleId}`, () => handle.unpause(noteOf(name.group)));
}
