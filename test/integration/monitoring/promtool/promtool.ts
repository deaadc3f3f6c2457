import { spawnSync } from 'node:child_process';
import type { FoundPromtool } from './find-promtool';

/** Runs promtool; what it said, and its exit code. */
export type Promtool = (
  args: readonly string[],
  input?: string,
) => { readonly code: number | null; readonly output: string };

/** A test that needs promtool, as it was found before the first test; without one, a test that says so takes its place. */
export function testWithPromtool(name: string, check: (promtool: Promtool) => void | Promise<void>): void {
  const found = JSON.parse(process.env['TEST_PROMTOOL'] ?? '{"kind":"missing"}') as FoundPromtool;
  if (found.kind === 'missing') {
    test(`${name}: left out, there is no promtool on this machine`, () =>
      expect(process.env['TEST_PROMTOOL']).toMatch(/missing/));
  } else {
    test(name, async () => {
      await check(runner(found.program));
    });
  }
}

const runner =
  (program: string): Promtool =>
  (args, input = '') => {
    const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
    return { code: status, output: `${stdout}${stderr}` };
  };
