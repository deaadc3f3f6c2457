import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { build } from 'esbuild';

export interface Warden {
  /** Ends what is left of the home, and itself. */
  dismiss(): Promise<void>;
}

/** Starts the process that cleans up after this one, should this one be killed. */
export async function startWarden(home: string): Promise<Warden> {
  const outfile = path.join(home, 'warden.cjs');
  const entryPoints = [path.join(__dirname, 'warden.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' });
  // In a session of its own, so that ctrl-c in a terminal does not reach it, and without the mark of the home.
  const child = spawn(process.execPath, [outfile, home], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: process.env['PATH'] },
  });
  const ended = once(child, 'exit');
  child.unref();
  child.channel?.unref();
  return {
    dismiss: async () => {
      child.ref();
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
