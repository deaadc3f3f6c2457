import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { buildShop } from '../../../demo/shop/build';
import { sendOrder } from '../../../demo/shop/order-client';
import type { LocalSite, SiteSpec } from '../../../core/model/site';
import type { WorkloadSpec } from '../../../core/model/workload';
import { isolateSite, killSiteProcesses, reconnectSite } from '../../../drivers/local/lab/disaster';
import { newMark } from '../../../drivers/local/workloads/instance';
import { createLocalWorkloads } from '../../../drivers/local/workloads/local-workloads';
import { probePort } from '../../../drivers/local/workloads/port-probe';
import { processEnvironment } from '../../../drivers/local/workloads/process-environment';
import { SiteFolder } from '../../../drivers/local/site-folder';
import { describeWorkloadContract } from '../../contract/workload-contract';
import type { WorkloadFixture } from '../../contract/workload-fixture';
import { snapshot } from './contract-snapshot';
import { berlin, createLab, group, paris, until, type Lab } from './lab';

const lastWords = 'no such database';

/** Writes a file when it ends by itself; what is ended by force has no time to. */
const politely = `
const fs = require('fs');
fs.rmSync('ended', { force: true });
process.on('exit', () => fs.writeFileSync('ended', 'request'));
require('./ledger.cjs');`;

/** Leaves a child behind that nothing marks as belonging to the workload, and that holds its port. */
const escaping = `
const hold = "require('net').createServer().listen(" + process.env.SWITCHBACK_PORT + ", '" + process.env.SWITCHBACK_ADDRESS + "')";
const child = require('child_process').spawn(process.execPath, ['-e', hold], { env: {}, detached: true, stdio: 'ignore' });
require('fs').writeFileSync('escaped', String(child.pid));
setInterval(() => undefined, 1e9);`;

const local = (site: SiteSpec): LocalSite => {
  if (site.driver !== 'local') throw new Error('not a local site');
  return site;
};

async function setUp(): Promise<WorkloadFixture> {
  const lab = createLab();
  await buildShop(lab.runbookFolder);
  writeFileSync(path.join(lab.runbookFolder, 'polite.js'), politely);
  writeFileSync(path.join(lab.runbookFolder, 'escape.js'), escaping);
  const folderOf = (site: SiteSpec, name: string): string =>
    new SiteFolder(lab.folder, local(site)).workloadFolder(group, name);
  const named = async (name: string, script: Parameters<Lab['workload']>[0]) => lab.workload(script, { name });
  const running = async (name: string, script: string): Promise<WorkloadSpec> => {
    const spec = await named(name, 'serve.js');
    const port = spec.local?.port ?? 0;
    // What listens ends when it is asked to, and on a busy machine only then.
    return { ...spec, stopGraceSeconds: 60, volumes: ['orders'], local: { command: ['node', script], port, env: {} } };
  };
  const wellBehaved = await running('well-behaved', 'polite.js');
  return {
    group,
    site: paris,
    peer: berlin,
    driver: lab.driver,
    copy: { ...paris, address: '127.0.3.1' },
    lastWords,
    workloads: {
      wellBehaved,
      another: await named('another', 'serve.js'),
      stubborn: { ...(await named('stubborn', 'stubborn.js')), stopGraceSeconds: 0.3 },
      unstoppable: await running('unstoppable', 'escape.js'),
      sick: await named('sick', 'serve.js'),
      endsAtOnce: await named('ends-at-once', 'quitter.js'),
    },
    isolate: async (site) => isolateSite(lab.folder, local(site)),
    reconnect: async (site) => reconnectSite(lab.folder, local(site)),
    state: async () => snapshot(lab.folder),
    restarted: async () => {
      await restart(lab, wellBehaved);
      return createLocalWorkloads({ labFolder: lab.folder, runbookFolder: lab.runbookFolder });
    },
    write: async (site, { local: process }) => {
      const target = { address: local(site).address, port: process?.port ?? 0, agent: new http.Agent() };
      return sendOrder(target, { id: `order-${Math.random()}` }).then(
        () => true,
        () => false,
      );
    },
    endedBy: async (site, { name }) => (existsSync(path.join(folderOf(site, name), 'ended')) ? 'request' : 'force'),
    tearDown: async () => {
      const escaped = path.join(folderOf(paris, 'unstoppable'), 'escaped');
      if (existsSync(escaped)) process.kill(Number(readFileSync(escaped, 'utf8')), 'SIGKILL');
      await lab.remove();
    },
  };
}

/** Everything goes down; then the workload comes up again by itself, as it was, and answers. */
async function restart(lab: Lab, workload: WorkloadSpec): Promise<void> {
  const folder = new SiteFolder(lab.folder, paris);
  const cwd = folder.workloadFolder(group, workload.name);
  const { local: process_ } = workload;
  if (process_ === undefined) throw new Error('the workload has no process');
  await killSiteProcesses(lab.folder, paris);
  const mark = newMark({ folder, group, workload: workload.name }, 1);
  const env = await processEnvironment({ folder, group, workload, local: process_, epoch: 1, mark });
  const script = path.join(lab.runbookFolder, 'polite.js');
  spawn(process.execPath, [script], { env, cwd, detached: true, stdio: 'ignore' }).unref();
  await until(async () => (await probePort(paris.address, process_.port)) === 'open');
}

describeWorkloadContract('local workloads', setUp);
