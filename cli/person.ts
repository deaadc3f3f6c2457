import { userInfo } from 'node:os';

/** Who acts when nobody is named: SWITCHBACK_USER, or the name of the operating system's user. */
export function personFrom(by: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  if (by !== undefined) return by;
  if (env['SWITCHBACK_USER']) return env['SWITCHBACK_USER'];
  try {
    return userInfo().username;
  } catch {
    // A container may run with a user id that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
