import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../../workers/temporal-server/installation-folder';
import { withInstallLock } from '../../workers/temporal-server/install-lock';
import { runProgram } from '../../workers/temporal-server/run-program';

/** What of the Python Package Index is wanted. */
export interface PythonPackage {
  /** In the words of pip, with its exact version: "moto[server]==5.2.5" */
  readonly requirement: string;
  /** Of the cache; names the version as well. */
  readonly folder: string;
  /** What a machine without Python has not: "Route 53 in the lab" */
  readonly gives: string;
}

export interface InstallContext {
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** A Python that has the package, or why there is none on this machine. */
export type FoundPython =
  { readonly kind: 'python'; readonly path: string } | { readonly kind: 'missing'; readonly why: string };

/**
 * Looks in the user's cache, and installs the package there once, by pip into a virtual environment of its own.
 * Nothing of the machine's Python is changed.
 */
export async function findPythonPackage(wanted: PythonPackage, context: InstallContext): Promise<FoundPython> {
  const folder = cacheFolder(context.env, wanted.folder);
  const python = pythonOf(folder);
  if (existsSync(python)) return { kind: 'python', path: python };
  return withInstallLock(`${folder}.installing`, async () => {
    if (existsSync(python)) return { kind: 'python', path: python } as const;
    const why = await install(folder, wanted, context);
    return why === undefined ? ({ kind: 'python', path: python } as const) : ({ kind: 'missing', why } as const);
  });
}

const pythonOf = (folder: string): string =>
  process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python');

/** Why it could not be installed; undefined when it was. */
async function install(
  folder: string,
  { requirement, gives }: PythonPackage,
  { env, say }: InstallContext,
): Promise<string | undefined> {
  const made = `${folder}.installing/venv`;
  await rm(made, { recursive: true, force: true });
  const program = await anyPython(env);
  if (program === undefined) return `no python3 of 3.10 or newer runs; install Python to have ${gives}`;
  say(`installing ${requirement}, a minute, once`);
  const venv = await runProgram({ program, args: ['-m', 'venv', made], env, timeoutSeconds: 120 });
  if (!venv.ok) return `\`${program} -m venv\` failed: ${venv.why} (Debian: apt-get install python3-venv)`;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement];
  const installed = await runProgram({ program: pythonOf(made), args: pip, env, timeoutSeconds: 600 });
  if (!installed.ok) return `pip could not install ${requirement}: ${installed.why}`;
  await rename(made, folder);
  return undefined;
}

async function anyPython(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const newEnough = 'import sys, venv; sys.exit(sys.version_info < (3, 10))';
  for (const program of ['python3', 'python']) {
    const run = await runProgram({ program, args: ['-c', newEnough], env, timeoutSeconds: 20 });
    if (run.ok) return program;
  }
  return undefined;
}
