import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { installBinary } from './install-binary';
import { temporalCliVersion } from './installation-folder';
import { runProgram } from './run-program';
import type { Way } from './way';

/** 100 MB over a slow line; a refusal comes within a second. */
const timeoutSeconds = 300;

export const sdkDownload: Way = {
  name: "the SDK's own download",
  fix: 'Allow https://temporal.download and github.com from this machine, through HTTPS_PROXY if need be.',
  look: (context) =>
    installBinary(context, 'sdk-download', async (scratch) => {
      // In a process of its own: the download goes on in native code that cannot be stopped, and keeps its process alive.
      const run = await runProgram({
        program: process.execPath,
        args: [path.join(__dirname, 'sdk-download-process.cjs'), scratch, `v${temporalCliVersion}`],
        env: context.env,
        timeoutSeconds,
      });
      if (!run.ok) return { why: run.why };
      const [file] = await readdir(scratch);
      return file === undefined ? { why: 'the download left no file' } : { file };
    }),
};
