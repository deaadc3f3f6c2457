import path from 'node:path';
import type { YoungCluster } from '../nodes/nodes';

/** Programs of the lab that serve one cluster, each a `main.ts`. */
const programs = {
  node: '../nodes/process/main.ts',
  volumes: '../volumes/main.ts',
  services: '../services/main.ts',
} as const;

export async function startLabProgram(
  { processes }: YoungCluster,
  name: keyof typeof programs,
  ...args: readonly string[]
): Promise<void> {
  const file = path.join(__dirname, programs[name]);
  await processes.start(name, process.execPath, ['--require', require.resolve('tsx/cjs'), file, ...args]);
}
