import { runProgram } from './run-program';

/** `version` in the words of the binary, or one line that says why it is no working Temporal CLI. */
export type BinaryProbe =
  { readonly ok: true; readonly version: string } | { readonly ok: false; readonly why: string };

/** A file of the right name may be half written, of another platform or another program: only its answer counts. */
export async function probeBinary(file: string, env: NodeJS.ProcessEnv): Promise<BinaryProbe> {
  const run = await runProgram({ program: file, args: ['--version'], env, timeoutSeconds: 20 });
  if (!run.ok) return { ok: false, why: `${file} does not run: ${run.why}` };
  const version = /temporal version \S+.*/.exec(run.output)?.[0];
  return version ? { ok: true, version } : { ok: false, why: `${file} is not the Temporal CLI` };
}
