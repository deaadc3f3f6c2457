import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findKubectl } from '../../../lab/kubernetes/binaries/find-binaries';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';

const root = path.join(__dirname, '../../..');
/** What git leaves out; a new user has none of it. */
const notInCheckout = ['.git', '.switchback', 'coverage', 'node_modules'];

/** Copies the repository as it is now, as git would give it to somebody. */
export async function checkOut(folder: string): Promise<void> {
  const names = (await readdir(root)).filter((name) => !notInCheckout.includes(name));
  await Promise.all(names.map(async (name) => cp(path.join(root, name), path.join(folder, name), { recursive: true })));
}

/** What npm and jest have put into our environment, and settings that a new user has not made. */
const notInherited =
  /^(INIT_CWD|npm_(package|lifecycle)_.*|npm_command|npm_config_local_prefix|TEMPORAL_.*|SWITCHBACK_.*|KUBECONFIG|NODE_.*|JEST_.*)$/;

/**
 * The environment of somebody who has the programs that a page asks for, in `home`: `kubectl`, `temporal`, which adds the port to
 * what it is told, so that tests run side by side, and npm with a cache of its own, since npx keeps a link to each checkout there.
 */
export async function newEnvironment(home: string, temporalPort: number): Promise<NodeJS.ProcessEnv> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !notInherited.test(name)));
  const say = (): void => undefined;
  const [bin, cache] = [path.join(home, 'bin'), path.join(home, 'npm')];
  await Promise.all([bin, cache].map(async (folder) => mkdir(folder)));
  await symlink(await findKubectl({ say }), path.join(bin, 'kubectl'));
  const server = await findTemporalServer({ say, env });
  if (server.kind !== 'binary') throw new Error('there is no program temporal');
  const temporal = path.join(bin, 'temporal');
  await writeFile(temporal, `#!/bin/sh\nexec '${server.path}' "$@" --port ${temporalPort} --headless\n`);
  await chmod(temporal, 0o755);
  // What npm has downloaded before is not downloaded again.
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'cache'], { env });
  await symlink(path.join(stdout.trim(), '_cacache'), path.join(cache, '_cacache'));
  return {
    ...env,
    PATH: [bin, ...programFolders(env)].join(path.delimiter),
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    npm_config_cache: cache,
    npm_config_prefer_offline: 'true',
  };
}

/** Without those of our own packages, which npm puts there. */
const programFolders = ({ PATH = '' }: NodeJS.ProcessEnv): readonly string[] =>
  PATH.split(path.delimiter).filter((folder) => !folder.includes('node_modules'));
