import { setTimeout as sleep } from 'node:timers/promises';

/** Long on purpose: only a run that hangs gets there. */
const patienceMs = 300_000;

/** Waits for a condition. Throws, with what was waited for and what was seen last, when it never comes true. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  saw: () => string = () => '',
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it never came true that ${what}; ${saw()}`);
    await sleep(20);
  }
}
