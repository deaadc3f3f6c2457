import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { closedPort } from './lying-server';

/** Where Debian's packages put each version. */
const installations = '/usr/lib/postgresql';

/** "nobody": the server refuses to run as root, and needs no rights. */
const unprivileged = { uid: 65_534, gid: 65_534 };

export interface PostgresServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly stop: () => Promise<void>;
}

/** Folder of the programs of the newest installed version; undefined: there is none. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(installations)) return undefined;
  const versions = readdirSync(installations).sort((one, other) => Number(other) - Number(one));
  const folders = versions.map((version) => path.join(installations, version, 'bin'));
  return folders.find((folder) => existsSync(path.join(folder, 'postgres')));
}

/** A real server with an empty database on a loopback port, its data in a folder that goes with it. */
export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'switchback-postgres-'));
  const owner = process.getuid?.() === 0 ? unprivileged : {};
  if (process.getuid?.() === 0) await chown(folder, unprivileged.uid, unprivileged.gid);
  const [user, password, port] = ['shop', 'correct-horse-battery', await closedPort()];
  const [data, passwordFile] = [path.join(folder, 'data'), path.join(folder, 'password')];
  await writeFile(passwordFile, password);
  const initArguments = ['-D', data, '-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'];
  await endOf(spawn(path.join(programs, 'initdb'), initArguments, { ...owner, cwd: folder, stdio: 'ignore' }));
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
  const server = spawn(path.join(programs, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await readyOf(server);
  const stop = async (): Promise<void> => {
    server.kill('SIGINT');
    if (server.exitCode === null) await once(server, 'exit');
    await rm(folder, { recursive: true });
  };
  return { port, user, password, stop };
}

async function endOf(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`initdb ended with exit code ${code}`);
}

async function readyOf(server: ChildProcess): Promise<void> {
  if (server.stderr === null) throw new Error('the log of the server is not read');
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    if (line.includes('ready to accept connections')) {
      // A full pipe would stop the server.
      server.stderr.resume();
      return;
    }
    said.push(line);
  }
  throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
}
