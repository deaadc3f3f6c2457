import { SwitchbackFailure } from '../../core/model/failure';
import { runProgram } from '../../workers/temporal-server/run-program';

const timeoutSeconds = 120;

/** Runs a program of the machine to its end and returns what it said. Throws `LabIncomplete` with its last line. */
export async function run(program: string, ...args: readonly string[]): Promise<string> {
  const result = await runProgram({ program, args, env: process.env, timeoutSeconds });
  if (result.ok) return result.output;
  throw new SwitchbackFailure('LabIncomplete', `${program} ${args.join(' ')} failed: ${result.why}`);
}
