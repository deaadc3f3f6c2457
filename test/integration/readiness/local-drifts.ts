import { once } from 'node:events';
import { cp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import type { TrafficSpec } from '../../../core/model/traffic';
import type { WorkloadSpec } from '../../../core/model/workload';
import { startDnsServer } from '../../../drivers/local/dns/start-dns-server';
import { isolateSite } from '../../../drivers/local/lab/disaster';
import { createLocalReplication } from '../../../drivers/local/replication/local-replication';
import { SiteFolder } from '../../../drivers/local/site-folder';
import { quietly } from '../../contract/contract';
import type { Drift } from './drift';
import { variables, type LocalLab } from './local-lab';

const group = 'shop';
let changes = 0;
/** Each change is one of its own. */
const mutation = (epoch = 1) => {
  changes += 1;
  return { group, operationKey: `drift/${changes}`, epoch };
};

const part = <Item extends { readonly name: string }>(items: readonly Item[], name: string): Item => {
  const found = items.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};
const web = ({ lab }: LocalLab): WorkloadSpec => part(lab.runbook.workloads, 'web');
const record = ({ lab }: LocalLab): TrafficSpec => part(lab.runbook.traffic, 'shop.example.test');
const folder = ({ lab }: LocalLab, site: 'alpha' | 'beta'): SiteFolder =>
  new SiteFolder(lab.labFolder, lab.sites[site]);

const cutOff = (site: 'alpha' | 'beta') => async (there: LocalLab) => {
  await isolateSite(there.lab.labFolder, there.lab.sites[site]);
  return () => rm(folder(there, site).isolatedMarker);
};

async function moveAside(file: string): Promise<() => Promise<void>> {
  await rename(file, `${file}.aside`);
  return () => rename(`${file}.aside`, file);
}

/** Everything of the volume at the standby is put back as it was. */
async function whileVolumeIsKept(there: LocalLab, change: () => Promise<unknown>): Promise<() => Promise<void>> {
  const volume = folder(there, 'beta').volumeFolder(group, 'orders');
  const kept = `${volume}.kept`;
  await cp(volume, kept, { recursive: true, preserveTimestamps: true });
  await change();
  return async () => {
    await rm(volume, { recursive: true });
    await rename(kept, volume);
  };
}

const unset = (name: string) => (): Promise<() => Promise<void>> => {
  const value = process.env[name];
  delete process.env[name];
  return Promise.resolve(() => {
    process.env[name] = value;
    return Promise.resolve();
  });
};

/** What can drift of two sites that are processes and folders of this machine. */
export const localDrifts: readonly Drift<LocalLab>[] = [
  {
    name: 'the standby is cut off',
    seed: cutOff('beta'),
    state: 'NotReady',
    code: 'StandbySiteHealthy',
    names: '127.0.2.1 does not answer',
    doThis: 'check that the folder',
  },
  {
    name: 'the active site is cut off: an unplanned failover would still work',
    seed: cutOff('alpha'),
    state: 'AtRisk',
    code: 'ActiveSiteLost',
    names: 'site alpha',
    doThis: '--mode unplanned',
  },
  {
    name: 'a workload runs at the standby as well',
    seed: async (there) => {
      await there.workloads.start(there.lab.sites.beta, web(there), mutation(), quietly());
      return () => there.workloads.stop(there.lab.sites.beta, web(there), mutation(), quietly());
    },
    state: 'NotReady',
    code: 'StandbyStopped',
    names: 'web is running',
    doThis: 'stop there what runs',
  },
  {
    name: 'somebody else has the port of a workload at the standby',
    seed: async (there) => {
      const server = createServer().listen(there.lab.webPort, there.lab.sites.beta.address);
      await once(server, 'listening');
      return async () => once(server.close(), 'close');
    },
    state: 'NotReady',
    code: 'StandbyStopped',
    names: 'web is unknown',
    doThis: 'stop there what runs',
  },
  {
    name: 'a workload does not run at the active site',
    seed: async (there) => {
      await there.workloads.stop(there.lab.sites.alpha, web(there), mutation(), quietly());
      return () => there.workloads.start(there.lab.sites.alpha, web(there), mutation(), quietly());
    },
    state: 'AtRisk',
    code: 'ActiveRunning',
    names: 'web is stopped',
    doThis: 'start it at the active site',
  },
  {
    name: 'the script of a workload is gone',
    seed: async ({ lab }) => moveAside(path.join(lab.runbookFolder, 'web.cjs')),
    state: 'NotReady',
    code: 'PartMissing',
    names: 'web at beta script web.cjs is not there',
    doThis: 'put it there',
  },
  {
    name: 'the data of the active site is gone',
    seed: async (there) => moveAside(folder(there, 'alpha').volumeData(group, 'orders')),
    state: 'NotReady',
    code: 'VolumeMissing',
    names: 'orders at alpha',
    doThis: 'make the claim or the folder',
  },
  {
    name: 'the replica of the standby is gone',
    seed: async (there) => moveAside(folder(there, 'beta').volumeFolder(group, 'orders')),
    state: 'NotReady',
    code: 'RecoveryPointKnown',
    names: 'orders',
    doThis: 'let a pass of replication complete',
  },
  {
    name: 'the data of the standby is of a higher epoch',
    seed: async (there) =>
      whileVolumeIsKept(there, async () =>
        createLocalReplication(there.lab).claim(
          there.lab.sites.beta,
          part(there.lab.runbook.volumes, 'orders'),
          mutation(7),
          quietly(),
        ),
      ),
    state: 'NotReady',
    code: 'DataNotNewer',
    names: 'orders has epoch 7',
    doThis: 'which side has been written to last',
  },
  {
    name: 'somebody has led the record elsewhere',
    seed: async (there) => {
      const spec = record(there);
      const lead = async (expected: readonly string[], next: readonly string[]) =>
        there.traffic.switch({ ...mutation(), record: spec, expected, next, ttlSeconds: spec.ttlSeconds }, quietly());
      await lead(spec.values.primary, ['127.0.9.9']);
      return async () => lead(['127.0.9.9'], spec.values.primary);
    },
    state: 'NotReady',
    code: 'RecordAsExpected',
    names: '127.0.9.9',
    doThis: 'set the record to the values of the active site',
  },
  {
    name: 'the TTL of the record is higher than the runbook says',
    seed: async (there) => {
      const spec = record(there);
      const set = async (ttlSeconds: number) =>
        there.traffic.setTtl({ ...mutation(), record: spec, expected: spec.values.primary, ttlSeconds }, quietly());
      await set(3600);
      return async () => set(spec.ttlSeconds);
    },
    state: 'AtRisk',
    code: 'RecordTtlHigher',
    names: 'its TTL is 3600 s, the runbook says 5 s',
    doThis: 'set the TTL of the record',
  },
  {
    name: 'the name server is down',
    seed: async ({ lab: { dns, home } }) => {
      await dns.stop();
      return async () => startDnsServer({ folder: path.join(home, 'dns'), dnsPort: dns.dnsPort, apiPort: dns.apiPort });
    },
    state: 'NotReady',
    code: 'RecordAsExpected',
    names: 'cannot be read at its provider',
    doThis: 'mend what keeps it from being read',
  },
  {
    name: 'the program of a hook is gone',
    seed: async ({ program }) => moveAside(program),
    state: 'NotReady',
    code: 'CommandsAllowed',
    names: 'there is no such program',
    doThis: 'SWITCHBACK_ALLOWED_COMMANDS',
  },
  {
    name: 'the address of a webhook is not set',
    seed: unset(variables.hook),
    state: 'NotReady',
    code: 'WebhooksReady',
    names: `set ${variables.hook}`,
    doThis: 'set the variables',
  },
  {
    name: 'the address of a notice is not set',
    seed: unset(variables.notice),
    state: 'AtRisk',
    code: 'NoticesUnset',
    names: variables.notice,
    doThis: 'set the variables',
  },
  {
    name: 'the runbook has a mistake',
    seed: async ({ editRunbook }) => editRunbook((yaml) => yaml.replace('dependsOn: [api]', 'dependsOn: [app]')),
    state: 'NotReady',
    code: 'RunbookUnusable',
    names: 'app',
    doThis: 'switchback validate',
  },
  {
    name: 'an approver is nobody of the people',
    seed: async ({ editRunbook }) => editRunbook((yaml) => yaml.replace(/^people:\n(?: .*\n)+/m, '')),
    state: 'AtRisk',
    code: 'ApproverUnknown',
    names: 'ana@example.com is nobody of `people`',
    doThis: 'declare the person',
  },
  {
    name: 'nobody asks any more what customers ask',
    seed: async ({ editRunbook }) => editRunbook((yaml) => yaml.replaceAll('path: /orders/count', 'path: /health')),
    state: 'AtRisk',
    code: 'HealthSelfReported',
    names: 'web: only what it says of its own health',
    doThis: 'add a check that asks what customers ask',
  },
  {
    name: 'the standby is further behind than the objective',
    seed: async ({ editRunbook }) =>
      editRunbook((yaml) => yaml.replace('rpo: 1h', 'rpo: 1s').replace('every: 30m', 'every: 1s')),
    state: 'AtRisk',
    code: 'LagAboveObjective',
    names: 'the objective is 1 s',
    doThis: 'find out what holds replication up',
  },
];
