import { runCli } from '../../../cli/run-cli';
import { plainStyle } from '../../../cli/terminal/style';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs a command line in this process, as for a reader without a terminal. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Outcome> {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCli(args, {
    out: (text) => out.push(text),
    note: (text) => notes.push(text),
    interactive: false,
    style: plainStyle,
    size: () => ({ columns: 100, rows: 40 }),
    env,
  });
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}
