import '../patience';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { paperOf } from '../../../cli/paper-of';
import { copyOf, copySite } from '../../../core/model/drill';
import type { Operation } from '../../../core/model/operation';
import type { Runbook } from '../../../core/model/runbook';
import type { SiteRole } from '../../../core/model/site';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { buildShop } from '../../../demo/shop/build';
import { startDnsServer } from '../../../drivers/local/dns/start-dns-server';
import { readProcessTable } from '../../../drivers/local/workloads/process-table';
import { localDrivers } from '../../../workers/local-drivers';
import { freePort, order } from '../shop/shop';
import { paperReader, type PaperReader } from './paper-reader';

const quiet = { signal: new AbortController().signal, progress: () => undefined };

/** The shop of runbooks/shop.yaml, started by the driver at alpha; no Temporal and no worker anywhere. */
async function openLab() {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-local-paper-'));
  const [labFolder, runbookFolder] = [path.join(home, 'lab'), path.join(home, 'runbooks')];
  await Promise.all(['alpha', 'beta'].map((site) => mkdir(path.join(labFolder, site), { recursive: true })));
  await buildShop(runbookFolder);
  const dns = await startDnsServer({ folder: path.join(home, 'dns') });
  const ports = { 7101: await freePort(), 7102: await freePort(), 7103: await freePort() };
  const example = await readFile(path.join(__dirname, '../../../runbooks/shop.yaml'), 'utf8');
  const text = Object.entries(ports)
    .reduce((written, [from, to]) => written.replaceAll(from, String(to)), example)
    .replace('127.0.0.1:5353', `127.0.0.1:${dns.dnsPort}`)
    .replace('127.0.0.1:5380', `127.0.0.1:${dns.apiPort}`);
  await writeFile(path.join(runbookFolder, 'shop.yaml'), text);
  const parsed = parseRunbook(text, 'shop.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const { runbook } = parsed;
  const drivers = localDrivers({
    ...{
      labFolder,
      runbookFolder,
      kubeconfigFolder: home,
      reportFolder: home,
      evidence: { kind: 'folder' as const, folder: home },
      allowedCommands: [],
    },
    ...{ control: false, protect: false },
  });
  const { workload, replication } = drivers.sites.local;
  const first = (key: string) => ({ group: 'shop', operationKey: `first/${key}`, epoch: 1 });
  const [orders] = runbook.volumes;
  const [record] = runbook.traffic;
  const traffic = drivers.traffic['local'];
  if (!orders || !record || !traffic) throw new Error('the shop has no volume, no record or nobody to change it');
  await replication.claim(runbook.sites.primary, orders, first('claim'), quiet);
  for (const one of runbook.workloads) await workload.start(runbook.sites.primary, one, first(one.name), quiet);
  await traffic.switch({ ...first('dns'), record, expected: [], next: record.values.primary, ttlSeconds: 5 }, quiet);
  const reader = await paperReader({ env: { LAB: labFolder, RUNBOOKS: runbookFolder } });
  const copyFolder = path.join(labFolder, 'beta', 'groups', copyOf('shop'));
  const runningOfCopy = () => {
    const table = readProcessTable();
    const ofCopy = (pid: number) => table.environment(pid).includes(`SWITCHBACK_FENCE_FILE=${copyFolder}/`);
    return table
      .all()
      .map(({ pid }) => pid)
      .filter(ofCopy);
  };
  const inspect = async (role: SiteRole) => workload.inspect(runbook.sites[role], 'shop', runbook.workloads, quiet);
  return {
    ...{ runbook, runbookFolder, reader, workload, replication, orders, labFolder },
    running: async (role: SiteRole) =>
      (await inspect(role)).filter(({ status }) => status === 'running').map(({ workload: name }) => name),
    epochs: async (role: SiteRole) => (await inspect(role)).map(({ epoch }) => epoch),
    fence: async (role: SiteRole) => workload.fencing(runbook.sites[role], 'shop', quiet),
    volume: async (role: SiteRole) => (await replication.observe(runbook.sites[role], 'shop', [orders], quiet))[0],
    resolve: async () => (await traffic.resolve(record, quiet)).values,
    web: (role: SiteRole) => `http://${runbook.sites[role].address}:${ports[7103]}`,
    copy: {
      web: `http://${copySite(runbook.sites.recovery).address}:${ports[7103]}`,
      folder: copyFolder,
      running: runningOfCopy,
    },
    close: async () => {
      for (const pid of runningOfCopy()) process.kill(pid, 'SIGKILL');
      for (const role of ['primary', 'recovery'] as const) {
        for (const one of runbook.workloads) {
          const mutation = { group: 'shop', operationKey: `last/${one.name}`, epoch: 1_000_000 };
          await workload.stop(runbook.sites[role], one, mutation, quiet);
        }
      }
      await dns.stop();
      await Promise.all([home, reader.folder].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

let lab: Awaited<ReturnType<typeof openLab>>;
let reader: PaperReader;
let runbook: Runbook;
beforeAll(async () => {
  lab = await openLab();
  ({ reader, runbook } = lab);
});
afterAll(() => lab.close());

const print = (operation: Operation) => paperOf(runbook, lab.runbookFolder, { operation });

test('a failover begun on paper is undone on paper: everything runs at home again, with an epoch of its own', async () => {
  expect((await order(lab.web('primary'), 'one')).status).toBe(201);
  const paper = await print('failover');
  const done = await reader.follow(paper, (title) => title.includes('lead shop.example.test to beta'));
  expect(await lab.running('primary')).toEqual([]);
  expect(await lab.running('recovery')).toEqual(['ledger', 'api', 'web']);
  expect((await order(lab.web('recovery'), 'two')).body).toMatchObject({ seq: 2 });
  const begun = paper.sections
    .flatMap(({ waves }) => waves.flat())
    .filter(({ number, title }) => done.includes(`${number} ${title}`));
  // The old workloads start with their old epoch only as long as no fence was begun.
  const early = (when: readonly string[]): boolean => when.some((condition) => condition.startsWith('not when'));
  const needed = paper.sections
    .flatMap(({ waves }) => waves.flat())
    .filter(({ number, when }) => begun.some(({ undo }) => undo.includes(number)) && !early(when));
  await reader.goBack(
    paper,
    needed.map(({ number }) => number),
  );
  expect(await lab.running('recovery')).toEqual([]);
  expect(await lab.running('primary')).toEqual(['ledger', 'api', 'web']);
  expect(await lab.resolve()).toEqual(['127.0.1.1']);
  expect((await order(lab.web('primary'), 'three')).body).toMatchObject({ seq: 3 });
  expect(await lab.fence('recovery')).toMatchObject({ fencing: 'fenced' });
});

test('a failover by hand: stopped and fenced at home, running at the other site with the data, as customers see it', async () => {
  await reader.follow(await print('failover'));
  expect(await lab.running('primary')).toEqual([]);
  expect(await lab.running('recovery')).toEqual(['ledger', 'api', 'web']);
  expect(await lab.resolve()).toEqual(['127.0.2.1']);
  expect((await order(lab.web('recovery'), 'four')).body).toMatchObject({ seq: 4 });
  const [primary, recovery] = [await lab.fence('primary'), await lab.fence('recovery')];
  expect(primary).toMatchObject({ fencing: 'fenced', epoch: recovery.epoch });
  expect(new Set(await lab.epochs('recovery'))).toEqual(new Set([recovery.epoch]));
  expect(await lab.volume('recovery')).toMatchObject({ role: 'active', epoch: recovery.epoch });
});

test('what was fenced by hand is refused to the driver that comes back with what it was doing', async () => {
  const [ledger] = runbook.workloads;
  if (!ledger) throw new Error('the shop has no ledger');
  const late = { group: 'shop', operationKey: 'late/start', epoch: 2 };
  await expect(lab.workload.start(runbook.sites.primary, ledger, late, quiet)).rejects.toMatchObject({
    code: 'Fenced',
  });
});

test('reprotect and failback by hand: home again with all that was written at the other site', async () => {
  await reader.follow(await print('reprotect'));
  expect(await lab.volume('primary')).toMatchObject({ role: 'replica' });
  await reader.follow(await print('failback'));
  expect(await lab.running('recovery')).toEqual([]);
  expect(await lab.running('primary')).toEqual(['ledger', 'api', 'web']);
  expect(await lab.resolve()).toEqual(['127.0.1.1']);
  expect((await order(lab.web('primary'), 'five')).body).toMatchObject({ seq: 5 });
});

test('a drill by hand, begun again after somebody gave it up: a copy with the data beside production, and nothing is left of it', async () => {
  const before = await lab.volume('recovery');
  const copied = (title: string): boolean => title.includes('check that web at beta (copy)');
  await reader.follow(await print('drill'), copied);
  const first = lab.copy.running();
  expect(first).toHaveLength(3);
  // The fifth order was taken at home when nothing replicated.
  expect((await order(lab.copy.web, 'six')).body).toMatchObject({ seq: 5 });
  const paper = await print('drill');
  await reader.follow(paper, copied);
  expect(lab.copy.running()).toHaveLength(3);
  expect(lab.copy.running().filter((pid) => first.includes(pid))).toEqual([]);
  // What was ordered of the copy of before is not in this one.
  expect((await order(lab.copy.web, 'seven')).body).toMatchObject({ seq: 5 });
  expect((await order(lab.web('primary'), 'eight')).body).toMatchObject({ seq: 6 });
  expect(await lab.resolve()).toEqual(['127.0.1.1']);
  expect(await lab.volume('recovery')).toEqual(before);
  await reader.goOn(paper);
  expect(lab.copy.running()).toEqual([]);
  expect(existsSync(lab.copy.folder)).toBe(false);
  expect(await lab.running('primary')).toEqual(['ledger', 'api', 'web']);
});
