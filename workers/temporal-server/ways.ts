import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { goInstall } from './go-install';
import { executableName, installationFolder, temporalCliVersion } from './installation-folder';
import { probeBinary } from './probe-binary';
import { sdkDownload } from './sdk-download';
import type { Way } from './way';

const fromEnvironment: Way = {
  name: 'TEMPORAL_ADDRESS',
  fix: 'Set it to the host:port of a server that runs, for example TEMPORAL_ADDRESS=127.0.0.1:7233.',
  look: async ({ env }) => {
    const address = env['TEMPORAL_ADDRESS']?.trim();
    return address ? { found: { kind: 'address', address } } : { why: 'is not set' };
  },
};

const onPath: Way = {
  name: '`temporal` on PATH',
  fix: 'Install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal --version` answers.',
  look: async ({ env }) => {
    const file = await findOnPath(executableName, env);
    if (file === undefined) return { why: 'there is none' };
    const probe = await probeBinary(file, env);
    return probe.ok ? { found: { kind: 'binary', path: file, source: 'path' } } : probe;
  },
};

const inCache: Way = {
  name: 'the cached binary',
  fix: `Put the Temporal CLI ${temporalCliVersion} of your platform into Switchback's folder in your cache folder, named "${executableName}".`,
  look: async ({ env }) => {
    const file = path.join(installationFolder(env), executableName);
    if (!(await isExecutable(file))) return { why: `there is no ${file}` };
    const probe = await probeBinary(file, env);
    return probe.ok ? { found: { kind: 'binary', path: file, source: 'cache' } } : probe;
  },
};

/** In the order in which they are tried: what a person chose first, what costs time last. */
export const ways: readonly Way[] = [fromEnvironment, onPath, inCache, sdkDownload, goInstall];

async function findOnPath(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(path.delimiter).filter(Boolean)) {
    const file = path.resolve(folder, program);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
