import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from '../../../lab/kubernetes/run';

type PlainRsync = (source: string, target: string) => Promise<unknown>;

const address = '127.0.0.1';

/** Gives `rsync -a --delete` over SSH, from an sshd on loopback with keys of its own, which ends with the work. */
export async function withPlainRsync<Result>(use: (rsync: PlainRsync) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-rsync-'));
  const file = (name: string): string => path.join(folder, name);
  const port = await freePort();
  try {
    for (const key of ['host', 'client']) await run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', file(key));
    await writeFile(file('authorized'), await readFile(file('client.pub')));
    await writeFile(file('sshd'), sshdConfig(file, port));
    await mkdir('/run/sshd', { recursive: true });
    await chmod('/run/sshd', 0o755);
    const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd')], { stdio: 'ignore' });
    try {
      while (!(await listens(port))) await pause(20);
      const options = 'StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o BatchMode=yes';
      const ssh = `ssh -F none -p ${port} -i ${file('client')} -o IdentitiesOnly=yes -o ${options}`;
      return await use(async (source, target) =>
        run('rsync', '-a', '--delete', '-e', ssh, `root@${address}:${source}/`, `${target}/`),
      );
    } finally {
      sshd.kill();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const sshdConfig = (file: (name: string) => string, port: number): string =>
  [
    `Port ${port}`,
    `ListenAddress ${address}`,
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('authorized')}`,
    'AuthenticationMethods publickey',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    'PidFile none',
    'UsePAM no',
    '',
  ].join('\n');

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const listens = async (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect({ host: address, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
