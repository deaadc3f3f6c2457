import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { withInstallLock } from '../../../workers/temporal-server/install-lock';
import { runProgram } from '../../../workers/temporal-server/run-program';
import { kubernetesVersion, kwokVersion, type Program } from './versions';

export interface Build {
  readonly folder: string;
  readonly missing: readonly Program[];
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

interface Recipe {
  readonly builds: readonly Program[];
  /** Folder of the Go module that pins it; absent: `go install` of a published command. */
  readonly module?: string;
  readonly args: (scratch: string) => readonly string[];
}

const scratchPrefix = '.building-';
/** On a machine of two processors the control plane takes four minutes; a slow one may take its time. */
const timeoutSeconds = 3600;

const [major, minor] = kubernetesVersion.split('.');
const stamp = (name: string, value: string): string => `-X k8s.io/component-base/version.${name}=${value}`;
const versionFlags = [
  '-s -w',
  stamp('gitVersion', `v${kubernetesVersion}`),
  stamp('gitMajor', major ?? ''),
  stamp('gitMinor', minor ?? ''),
].join(' ');

const controlPlane = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

const recipes: readonly Recipe[] = [
  {
    builds: ['etcd'],
    module: 'etcd',
    args: (scratch) => ['build', '-trimpath', '-o', path.join(scratch, 'etcd'), 'go.etcd.io/etcd/server/v3'],
  },
  {
    builds: ['kwok'],
    args: () => ['install', '-trimpath', `sigs.k8s.io/kwok/cmd/kwok@v${kwokVersion}`],
  },
  {
    builds: controlPlane,
    module: 'kubernetes',
    // The trailing slash makes it a folder, in which each program gets its own name.
    args: (scratch) => [
      ...['build', '-trimpath', '-ldflags', versionFlags, '-o', `${scratch}/`],
      ...controlPlane.map((name) => `k8s.io/kubernetes/cmd/${name}`),
    ],
  },
  ...(['kubelet', 'kubectl'] as const).map((program) => ({
    builds: [program],
    module: 'kubernetes',
    args: (scratch: string) => [
      ...['build', '-trimpath', '-ldflags', versionFlags, '-o', path.join(scratch, program)],
      `k8s.io/kubernetes/cmd/${program}`,
    ],
  })),
];

/**
 * Builds what is missing into the folder, with the lowest priority, and renames it into place, so that an interrupted build
 * leaves nothing that looks like a program. Two processes do not build at once. Returns one line that says why it failed.
 */
export async function buildBinaries({ folder, missing, env, say }: Build): Promise<string | undefined> {
  const go = await runProgram({ program: 'go', args: ['version'], env, timeoutSeconds: 20 });
  if (!go.ok) return `go does not run: ${go.why}`;
  await mkdir(folder, { recursive: true });
  const work = async (): Promise<string | undefined> => {
    const there = new Set(await readdir(folder));
    await removeLeftovers(folder, there);
    for (const recipe of recipes) {
      if (!recipe.builds.some((program) => missing.includes(program) && !there.has(program))) continue;
      say(`Kubernetes lab: building ${recipe.builds.join(', ')} into ${folder}, once`);
      const why = await build(recipe, folder, env);
      if (why !== undefined) return `building ${recipe.builds.join(', ')} failed: ${why}`;
    }
    return undefined;
  };
  return withInstallLock(folder, work, () =>
    say(`Kubernetes lab: another process is building into ${folder}; waiting`),
  );
}

async function build(recipe: Recipe, folder: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const scratch = await mkdtemp(path.join(folder, scratchPrefix));
  try {
    // A copy, because Go may want to write beside go.mod; the repository stays as it is.
    const cwd = path.join(scratch, 'module');
    await mkdir(cwd);
    if (recipe.module !== undefined)
      await cp(path.join(__dirname, '..', 'modules', recipe.module), cwd, { recursive: true });
    const args = ['-n', '19', 'go', ...withFolder(recipe.args(scratch), cwd)];
    const run = await runProgram({ program: 'nice', args, env: { ...env, GOBIN: scratch }, timeoutSeconds });
    if (!run.ok) return run.why;
    for (const program of recipe.builds) await rename(path.join(scratch, program), path.join(folder, program));
    return undefined;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** `go -C folder build ...`: runs it as if it had been started there. */
const withFolder = (args: readonly string[], folder: string): readonly string[] => ['-C', folder, ...args];

/** Of builds that were killed; whoever holds the lock may remove them. */
async function removeLeftovers(folder: string, names: ReadonlySet<string>): Promise<void> {
  const leftovers = [...names].filter((name) => name.startsWith(scratchPrefix));
  await Promise.all(leftovers.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}
