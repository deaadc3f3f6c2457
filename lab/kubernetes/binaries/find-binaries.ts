import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../../core/model/failure';
import { cacheFolder } from '../../../workers/temporal-server/installation-folder';
import { buildBinaries } from './build-binaries';
import { kubernetesVersion, programs, type Binaries, type Program } from './versions';

interface FindOptions {
  /** Takes one line for each thing that takes time. */
  readonly say: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The programs of a cluster: each from the folder that KUBEBUILDER_ASSETS names, or from the user's cache; what is in neither is
 * built into the cache with Go, once, in some minutes. Throws `LabIncomplete`, which names what is missing and how to mend it.
 */
export async function findBinaries({ say, env = process.env }: FindOptions): Promise<Binaries> {
  const cache = binariesFolder(env);
  const found = await lookIn([env['KUBEBUILDER_ASSETS'], cache]);
  const missing = programs.filter((program) => found[program] === undefined);
  if (missing.length > 0) {
    const failure = await buildBinaries({ folder: cache, missing, env, say });
    if (failure !== undefined) throw incomplete(missing, failure);
  }
  const complete = await lookIn([env['KUBEBUILDER_ASSETS'], cache]);
  const absent = programs.filter((program) => complete[program] === undefined);
  if (absent.length > 0) throw incomplete(absent, `they are not in ${cache} after the build`);
  return complete as Binaries;
}

/** Where this user's cached programs of the pinned version lie. The folder need not exist. */
function binariesFolder(env: NodeJS.ProcessEnv): string {
  return cacheFolder(env, `kubernetes-${kubernetesVersion}`);
}

async function lookIn(folders: readonly (string | undefined)[]): Promise<Partial<Record<Program, string>>> {
  const found: Partial<Record<Program, string>> = {};
  for (const folder of folders) {
    if (folder === undefined || folder === '') continue;
    for (const program of programs) {
      const file = path.join(folder, program);
      if (found[program] === undefined && (await isExecutable(file))) found[program] = file;
    }
  }
  return found;
}

function incomplete(missing: readonly Program[], why: string): SwitchbackFailure {
  return new SwitchbackFailure(
    'LabIncomplete',
    `the lab has no ${missing.join(', ')}: ${why}; install Go (https://go.dev/dl) so that \`go version\` answers, or set KUBEBUILDER_ASSETS to a folder with these programs`,
  );
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
