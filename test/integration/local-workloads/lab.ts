import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LocalSite } from '../../../core/model/site';
import type { WorkloadSpec } from '../../../core/model/workload';
import { killSiteProcesses } from '../../../drivers/local/lab/disaster';
import { createLocalWorkloads } from '../../../drivers/local/workloads/local-workloads';
import type { CallContext, Mutation } from '../../../drivers/ports';

export const group = 'shop';
export const paris: LocalSite = { driver: 'local', name: 'paris', address: '127.0.1.1', folder: 'paris' };
export const berlin: LocalSite = { driver: 'local', name: 'berlin', address: '127.0.2.1', folder: 'berlin' };

export const context: CallContext = { signal: new AbortController().signal, progress: () => undefined };

export function mutation(epoch: number, operationKey = `run-${epoch}/step`): Mutation {
  return { group, epoch, operationKey };
}

const scripts = {
  'serve.js': `require('net').createServer().listen(+process.env.SWITCHBACK_PORT, process.env.SWITCHBACK_ADDRESS);`,
  'stubborn.js': `process.on('SIGTERM', () => {}); require('./serve.js');`,
  'quitter.js': `console.error('no such database'); process.exit(3);`,
  'family.js': `require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1e9)']); require('./serve.js');`,
  'tell.js': `require('fs').writeFileSync(process.env.SWITCHBACK_VOLUME_ORDER_LOG + '/env.json', JSON.stringify(process.env)); require('./serve.js');`,
  'busy.js': `require('net').createServer().listen(+process.env.SWITCHBACK_PORT, process.env.SWITCHBACK_ADDRESS, () => { for (;;); });`,
  'slow.js': `setTimeout(() => require('./serve.js'), 400);`,
} as const;

export interface Lab {
  readonly folder: string;
  readonly runbookFolder: string;
  readonly driver: ReturnType<typeof createLocalWorkloads>;
  workload(script: keyof typeof scripts, changes?: Partial<WorkloadSpec>): Promise<WorkloadSpec>;
  remove(): Promise<void>;
}

/** Two sites in a temporary folder. `remove` ends whatever they still run. */
export function createLab(): Lab {
  const folder = mkdtempSync(path.join(tmpdir(), 'switchback-lab-'));
  const runbookFolder = path.join(folder, 'runbooks');
  for (const site of [paris, berlin]) mkdirSync(path.join(folder, site.folder));
  mkdirSync(runbookFolder);
  for (const [name, text] of Object.entries(scripts)) writeFileSync(path.join(runbookFolder, name), text);
  return {
    folder,
    runbookFolder,
    driver: createLocalWorkloads({ labFolder: folder, runbookFolder }),
    workload: async (script, changes = {}) => {
      const local = { command: ['node', script], port: await freePort(), env: {} };
      return {
        name: 'ledger',
        priority: 1,
        dependsOn: [],
        volumes: [],
        stopGraceSeconds: 5,
        checks: [],
        local,
        ...changes,
      };
    },
    remove: async () => {
      for (const site of [paris, berlin]) await killSiteProcesses(folder, site);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that is free at every loopback address now. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.listen(0, '0.0.0.0', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Waits for a condition; throws after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const since = Date.now();
  while (!(await condition())) {
    if (Date.now() - since > 10_000) throw new Error('the condition did not come true within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
