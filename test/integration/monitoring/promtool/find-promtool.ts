import { constants } from 'node:fs';
import { access, cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { withInstallLock } from '../../../../workers/temporal-server/install-lock';
import { cacheFolder } from '../../../../workers/temporal-server/installation-folder';
import { runProgram } from '../../../../workers/temporal-server/run-program';

export type FoundPromtool =
  { readonly kind: 'found'; readonly program: string } | { readonly kind: 'missing'; readonly why: string };

interface FindOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Takes one line for what takes time. */
  readonly say: (line: string) => void;
}

/** On two busy processors it takes eleven minutes. */
const buildWithinSeconds = 3600;
const scratchPrefix = '.building-';

/**
 * promtool of the version in go.mod: from the user's cache, or built into it with Go, once. Two processes do not build at once,
 * and an interrupted build leaves nothing that looks like the program.
 */
export async function findPromtool({ env, say }: FindOptions): Promise<FoundPromtool> {
  const folder = cacheFolder(env, `promtool-${await pinnedVersion()}`);
  const program = path.join(folder, 'promtool');
  if (await isExecutable(program)) return { kind: 'found', program };
  const go = await runProgram({ program: 'go', args: ['version'], env, timeoutSeconds: 20 });
  if (!go.ok) return { kind: 'missing', why: `promtool is not in ${folder}, and go does not run: ${go.why}` };
  const why = await withInstallLock(
    folder,
    async () => ((await isExecutable(program)) ? undefined : build(folder, { env, say })),
    () => say(`another process builds promtool into ${folder}; waiting`),
  );
  return why === undefined ? { kind: 'found', program } : { kind: 'missing', why };
}

/** Undefined when it is there now; else why not. */
async function build(folder: string, { env, say }: FindOptions): Promise<string | undefined> {
  say(`building promtool into ${folder}, once`);
  const scratch = await mkdtemp(path.join(folder, scratchPrefix));
  try {
    // A copy, because Go may want to write beside go.mod; the repository stays as it is.
    await cp(__dirname, scratch, { recursive: true });
    const args = ['-n', '19', 'go', '-C', scratch, 'build', '-trimpath', '-ldflags', '-s -w', '-o', 'promtool'];
    const built = await runProgram({
      program: 'nice',
      args: [...args, 'github.com/prometheus/prometheus/cmd/promtool'],
      env,
      timeoutSeconds: buildWithinSeconds,
    });
    if (!built.ok) return `promtool could not be built: ${built.why}`;
    await rename(path.join(scratch, 'promtool'), path.join(folder, 'promtool'));
    return undefined;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function pinnedVersion(): Promise<string> {
  const module = await readFile(path.join(__dirname, 'go.mod'), 'utf8');
  const [, version] = /^require github\.com\/prometheus\/prometheus v(\S+)$/m.exec(module) ?? [];
  if (version === undefined) throw new Error('go.mod pins no version of Prometheus');
  return version;
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
