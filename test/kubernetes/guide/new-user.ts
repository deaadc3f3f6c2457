import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findKubectl } from '../../../lab/kubernetes/binaries/find-binaries';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { freePort } from '../../../workers/temporal-server/loopback-port';
import { edit } from './edits';
import type { Step } from './read-guide';
import { notShown } from './shown-output';
import { openTerminals, type Terminals } from './terminals';
import { until } from '../../integration/faults/until';

/** Somebody with a fresh checkout, who does what a page says and looks whether it shows what comes of it. */
export interface NewUser {
  readonly terminals: Terminals;
  /** @throws Error with the command and what it said, when the page is wrong. */
  follow(step: Step): Promise<void>;
  /** Ends all that was begun, and removes all that was made. */
  leave(): Promise<void>;
}

const root = path.join(__dirname, '../../..');
/** What git leaves out; a new user has none of it. */
const notInCheckout = ['.git', '.switchback', 'coverage', 'node_modules'];

/** Blocks that do not end, and when the page may go on. */
type Ready = (port: number, terminals: Terminals) => boolean | Promise<boolean>;
const endless: readonly { readonly begins: RegExp; readonly ready: Ready }[] = [
  { begins: /^temporal server start-dev\b/, ready: answers },
  // "The worker does that as soon as it runs": the page goes on when the standby is filled.
  { begins: /\bnpx switchback worker$/, ready: async (_, { type }) => (await type(standbyObjects)).code === 0 },
];
const standbyObjects = 'kubectl --context beta --namespace shop get deployment/api deployment/web service/api';

/** What only reads may be looked at again: the standby is filled behind the scenes. */
const onlyReads = (script: string): boolean =>
  script.split('\n').every((line) => /^(npx switchback status|kubectl .*\bget) /.test(line));

export async function newUser(): Promise<NewUser> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-guide-'));
  const checkout = path.join(home, 'checkout');
  const port = await freePort();
  const [terminals] = await Promise.all([
    openTerminals({ folder: checkout, logFolder: path.join(home, 'logs'), env: await environment(home, port) }),
    checkOut(checkout),
  ]).catch(async (error: unknown) => {
    await rm(home, { recursive: true, force: true });
    throw error;
  });
  let draft: string | undefined;
  return {
    terminals,
    follow: async (step) => {
      if (step.kind === 'edit') return edit(checkout, draft, step);
      const { script } = step;
      draft = /--out (\S+)/.exec(script)?.[1] ?? draft;
      const service = endless.find(({ begins }) => begins.test(script));
      if (service) return terminals.leave(script, () => service.ready(port, terminals));
      let wrong = await tried(terminals, step);
      if (wrong !== undefined && onlyReads(script))
        await until(
          `the page is right about ${script}`,
          async () => (wrong = await tried(terminals, step)) === undefined,
          () => wrong ?? '',
        );
      else if (wrong !== undefined) throw new Error(wrong);
    },
    leave: async () => {
      await terminals.end();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Undefined: all is as the page says. */
async function tried({ type }: Terminals, { kind, script, shown }: Exclude<Step, { kind: 'edit' }>) {
  const { code, output } = await type(script);
  if ((code === 0) === (kind === 'refused')) return `this ends with ${code ?? 'a signal'}:\n\n${script}\n\n${output}`;
  const missing = shown && notShown(output, shown);
  return missing === undefined
    ? undefined
    : `of\n\n${script}\n\nthe page shows\n\n${missing}\n\nand this is what comes:\n\n${output}`;
}

async function checkOut(folder: string): Promise<void> {
  const names = (await readdir(root)).filter((name) => !notInCheckout.includes(name));
  await Promise.all(names.map(async (name) => cp(path.join(root, name), path.join(folder, name), { recursive: true })));
}

/** What npm and this test have put into our environment, and settings that a new user has not made. */
const notInherited =
  /^(INIT_CWD|npm_(package|lifecycle)_.*|npm_command|npm_config_local_prefix|TEMPORAL_.*|SWITCHBACK_.*|KUBECONFIG|NODE_.*|JEST_.*)$/;

/** With the programs that the page asks for, a port of its own for Temporal, and a cache of npm that is left when the folder is removed. */
async function environment(home: string, port: number): Promise<NodeJS.ProcessEnv> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !notInherited.test(name)));
  const say = (): void => undefined;
  const [bin, cache] = [path.join(home, 'bin'), path.join(home, 'npm')];
  await Promise.all([bin, cache].map(async (folder) => mkdir(folder)));
  await symlink(await findKubectl({ say }), path.join(bin, 'kubectl'));
  const server = await findTemporalServer({ say, env });
  if (server.kind !== 'binary') throw new Error('there is no program temporal');
  const temporal = path.join(bin, 'temporal');
  await writeFile(temporal, `#!/bin/sh\nexec '${server.path}' "$@" --port ${port} --headless\n`);
  await chmod(temporal, 0o755);
  // What npm has downloaded before is not downloaded again.
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'cache'], { env });
  await symlink(path.join(stdout.trim(), '_cacache'), path.join(cache, '_cacache'));
  return {
    ...env,
    PATH: `${bin}${path.delimiter}${env['PATH'] ?? ''}`,
    TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
    npm_config_cache: cache,
    npm_config_prefer_offline: 'true',
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => socket.destroy()).on('error', () => undefined);
    socket.on('close', (failed) => resolve(!failed));
  });
}
