import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../../core/model/failure';
import { cacheFolder } from '../../../workers/temporal-server/installation-folder';
import { buildBinaries } from './build-binaries';
import { kubernetesVersion, clusterPrograms, type Binaries, type Program } from './versions';

interface FindOptions {
  /** Takes one line for each thing that takes time. */
  readonly say: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The programs of a cluster: each from the folder that KUBEBUILDER_ASSETS names, or from the user's cache; what is in neither is
 * built into the cache with Go, once, in some minutes. Throws `LabIncomplete`, which names what is missing and how to mend it.
 */
export async function findBinaries(options: FindOptions): Promise<Binaries> {
  return find(clusterPrograms, options);
}

/** The same for the program that makes this machine a node. */
export async function findKubelet(options: FindOptions): Promise<string> {
  return (await find(['kubelet'], options)).kubelet;
}

/** The same for the program that people use. */
export async function findKubectl(options: FindOptions): Promise<string> {
  return (await find(['kubectl'], options)).kubectl;
}

async function find<Name extends Program>(
  names: readonly Name[],
  { say, env = process.env }: FindOptions,
): Promise<Readonly<Record<Name, string>>> {
  const cache = binariesFolder(env);
  const folders = [env['KUBEBUILDER_ASSETS'], cache];
  const found = await lookIn(folders, names);
  const missing = names.filter((program) => found[program] === undefined);
  if (missing.length > 0) {
    const failure = await buildBinaries({ folder: cache, missing, env, say });
    if (failure !== undefined) throw incomplete(missing, failure);
  }
  const complete = await lookIn(folders, names);
  const absent = names.filter((program) => complete[program] === undefined);
  if (absent.length > 0) throw incomplete(absent, `they are not in ${cache} after the build`);
  return complete as Record<Name, string>;
}

/** Where this user's cached programs of the pinned version lie. The folder need not exist. */
function binariesFolder(env: NodeJS.ProcessEnv): string {
  return cacheFolder(env, `kubernetes-${kubernetesVersion}`);
}

async function lookIn(
  folders: readonly (string | undefined)[],
  names: readonly Program[],
): Promise<Partial<Record<Program, string>>> {
  const found: Partial<Record<Program, string>> = {};
  for (const folder of folders) {
    if (folder === undefined || folder === '') continue;
    for (const program of names) {
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
