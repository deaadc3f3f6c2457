import { patched } from '@temporalio/workflow';

/** People are reminded no more often than this: history has an end. */
const MOST_REMINDERS = 200;

const ONE_REMINDER_AFTER_ABSENCE = 'one-reminder-after-absence';

/**
 * How many reminders are over when one is sent now: those that nobody was there to send while no worker ran are left out, so
 * that people hear of it once.
 */
export function remindedUntil(
  before: number,
  times: { readonly since: string; readonly remindSeconds: number | undefined },
): number {
  const { since, remindSeconds = Infinity } = times;
  const due = Math.floor((Date.now() - Date.parse(since)) / (remindSeconds * 1000));
  // Histories of before have a timer for each of them.
  return due > before + 1 && patched(ONE_REMINDER_AFTER_ABSENCE) ? due : before + 1;
}

/** When somebody is to be reminded, or the time is up, whichever is first. */
export function nextWake(times: {
  readonly since: string;
  readonly remindSeconds: number | undefined;
  readonly reminders: number;
  readonly expiresAt: number | undefined;
}): number | undefined {
  const { since, remindSeconds, reminders, expiresAt } = times;
  if (remindSeconds === undefined || reminders >= MOST_REMINDERS) return expiresAt;
  const reminder = Date.parse(since) + (reminders + 1) * remindSeconds * 1000;
  return expiresAt === undefined ? reminder : Math.min(reminder, expiresAt);
}
