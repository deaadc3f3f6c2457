import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../../../workers/temporal-server/loopback-port';
import { until } from '../../integration/faults/until';
import { edit } from './edits';
import { checkOut, newEnvironment } from './fresh-checkout';
import type { Step } from './read-guide';
import { notShown } from './shown-output';
import { openTerminals, type Terminals } from './terminals';

/** Somebody with a fresh checkout, who does what a page says and looks whether it shows what comes of it. */
export interface NewUser {
  readonly terminals: Terminals;
  /** @throws Error with the command and what it said, when the page is wrong. */
  follow(step: Step): Promise<void>;
  /** Ends all that was begun, and removes all that was made. */
  leave(): Promise<void>;
}

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
  try {
    return await userIn(home);
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

async function userIn(home: string): Promise<NewUser> {
  const checkout = path.join(home, 'checkout');
  const port = await freePort();
  await checkOut(checkout);
  const env = await newEnvironment(home, port);
  const terminals = await openTerminals({ folder: checkout, logFolder: path.join(home, 'logs'), env });
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

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => socket.destroy()).on('error', () => undefined);
    socket.on('close', (failed) => resolve(!failed));
  });
}
