import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { replicationFailpoints } from '../../../drivers/local/replication/failpoint';
import {
  changeTimesSettled,
  dataOf,
  listing,
  lyon,
  makeLab,
  mutation,
  orders,
  paris,
  passRequest,
  quiet,
  volumeOf,
  write,
  type Lab,
} from '../../unit/drivers/local-replication/lab';
import { inOtherProcess, removeBundle, suspended, type OtherProcess } from './other-process';
import type { OneCall } from './one-call';

/** What a call comes by several times, and how often: a test below counts. */
interface Visits {
  readonly staged: number;
  readonly operations: number;
}

const ofSync: Visits = { staged: 6, operations: 17 };
const ofRestore: Visits = { staged: 4, operations: 16 };

const places = replicationFailpoints.filter((name) => !name.startsWith('replication:point-'));
const times = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}#${index + 1}`);

/** Every place, every time. */
function everyPlace({ staged, operations }: Visits): readonly string[] {
  return places.flatMap((name) => {
    if (name === 'replication:file-staged') return times(name, staged);
    return name === 'replication:operation-applied' ? times(name, operations) : [name];
  });
}

type Trees = { readonly before: unknown; readonly after: unknown };

let lab: Lab;
const others: OtherProcess[] = [];

beforeEach(() => {
  lab = makeLab();
});

afterEach(() => {
  for (const { child } of others.splice(0)) child.kill('SIGKILL');
  lab.remove();
});

afterAll(removeBundle);

function start(work: OneCall, failpoint?: string): OtherProcess {
  const other = inOtherProcess(lab.folder, work, failpoint);
  others.push(other);
  return other;
}

/** A replica at lyon, and then every kind of change at paris. */
async function replicaThenChanges(): Promise<Trees> {
  const data = dataOf(lab.folder, paris);
  await lab.driver.claim(paris, orders, mutation(1), quiet());
  write(data, { 'kept/a': 'a1', 'kept/b': 'b1', 'gone/x': 'x', 'file-then-folder': 'f', 'folder-then-file/y': 'y' });
  await lab.driver.sync(passRequest(), quiet());
  const before = listing(dataOf(lab.folder, lyon));
  rmSync(path.join(data, 'gone'), { recursive: true });
  rmSync(path.join(data, 'file-then-folder'));
  rmSync(path.join(data, 'folder-then-file'), { recursive: true });
  write(data, {
    'kept/a': 'a2',
    'file-then-folder/z': 'z',
    'folder-then-file': 'now a file',
    'new/n': 'n',
    'new/m': 'm',
  });
  write(data, { 'large.bin': Buffer.alloc(1 << 20, 7) });
  symlinkSync('kept/a', path.join(data, 'link'));
  chmodSync(path.join(data, 'kept/b'), 0o600);
  return { before, after: listing(data) };
}

const replica = (): unknown => listing(dataOf(lab.folder, lyon));

function expectNothingLeftOver(): void {
  for (const name of ['staging', 'journal']) {
    const folder = path.join(volumeOf(lab.folder, lyon), name);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  }
}

test.each(everyPlace(ofSync))(
  'killed at %s, the replica is that of a complete pass, and the same call again makes it right',
  async (place) => {
    const { before, after } = await replicaThenChanges();
    const [earlier] = await lab.driver.observe(lyon, 'shop', [orders], quiet());
    const request = passRequest({ operationKey: 'run/sync' });
    expect(await start({ call: 'sync', request }, place).ending).toEqual({ killedBy: 'SIGKILL' });

    const [seen] = await lab.driver.observe(lyon, 'shop', [orders], quiet());
    const found = replica();
    expect([before, after]).toContainEqual(found);
    expect(found).toEqual(seen?.asOf === earlier?.asOf ? before : after);

    await lab.driver.sync(request, quiet());
    expect(replica()).toEqual(after);
    await lab.driver.sync(passRequest(), quiet());
    expect(replica()).toEqual(after);
    expectNothingLeftOver();
  },
);

test.each(everyPlace(ofSync))(
  'suspended at %s and continued after the volume was claimed and written, an old attempt does nothing',
  async (place) => {
    await replicaThenChanges();
    const zombie = start({ call: 'sync', request: passRequest({ operationKey: 'run/sync' }) }, `${place}/stop`);
    expect(await suspended(zombie)).toBe(true);

    await lab.driver.sync(passRequest(), quiet());
    await lab.driver.claim(lyon, orders, mutation(2), quiet());
    const data = dataOf(lab.folder, lyon);
    rmSync(path.join(data, 'file-then-folder'), { recursive: true });
    rmSync(path.join(data, 'folder-then-file'));
    mkdirSync(path.join(data, 'folder-then-file'));
    write(data, {
      'kept/a': 'written at lyon',
      'gone/x': 'back',
      'file-then-folder': 'a file again',
      'folder-then-file/y': 'y2',
    });
    const written = replica();

    zombie.child.kill('SIGCONT');
    const ending = await zombie.ending;
    expect(['done', 'StaleAttempt']).toContain('said' in ending ? ending.said : ending.killedBy);
    expect(replica()).toEqual(written);
    const [seen] = await lab.driver.observe(lyon, 'shop', [orders], quiet());
    expect(seen).toMatchObject({ role: 'active', epoch: 2 });
  },
);

test('of two attempts on one version, the one whose commit comes when the other is done and out of sight has lost', async () => {
  const { after } = await replicaThenChanges();
  const late = start({ call: 'sync', request: passRequest() }, 'replication:before-commit/stop');
  expect(await suspended(late)).toBe(true);
  // Its journal is removed already, so that the name is free again, and the folder of the other is not swept yet.
  const winner = start({ call: 'sync', request: passRequest() }, 'replication:journal-removed/stop');
  expect(await suspended(winner)).toBe(true);
  late.child.kill('SIGCONT');
  expect(await late.ending).toEqual({ said: 'StaleAttempt' });
  winner.child.kill('SIGCONT');
  expect(await winner.ending).toEqual({ said: 'done' });
  expect(replica()).toEqual(after);
  await lab.driver.sync(passRequest(), quiet());
  expectNothingLeftOver();
});

test('before a new version is published, the way of its stragglers to the data is closed', async () => {
  await replicaThenChanges();
  const request = passRequest();
  expect(await start({ call: 'sync', request }, 'replication:index-published').ending).toEqual({ killedBy: 'SIGKILL' });
  const staging = path.join(volumeOf(lab.folder, lyon), 'staging');
  const [attempt = ''] = readdirSync(staging);
  expect(readdirSync(path.join(staging, attempt))).toContain('volume.json');
  expect(readdirSync(path.join(staging, attempt))).not.toContain('gate');
});

test('killed after files were staged, the same call sends only the rest', async () => {
  const data = dataOf(lab.folder, paris);
  await lab.driver.claim(paris, orders, mutation(1), quiet());
  const size = 1000;
  write(data, Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, name.repeat(size)])));
  write(data, { large: Buffer.alloc(2 << 20, 1) });
  await changeTimesSettled();
  const request = passRequest({ operationKey: 'run/sync' });
  expect(await start({ call: 'sync', request }, 'replication:before-commit').ending).toEqual({ killedBy: 'SIGKILL' });
  write(data, { e: 'changed since' });
  const result = await lab.driver.sync(request, quiet());
  expect(result).toMatchObject({ filesChanged: 6, bytesSent: 'changed since'.length });
  expect(replica()).toEqual(listing(data));
});

test.each(everyPlace(ofRestore))(
  'killed at %s, a restore has happened or has not, and the same call again completes it',
  async (place) => {
    const { before, after } = await replicaThenChanges();
    const capture = { ...mutation(1), volume: orders, site: lyon, consistency: 'crash' as const };
    const { id } = await lab.driver.capture(capture, quiet());
    await lab.driver.sync(passRequest(), quiet());
    const request = { ...mutation(1, 'run/restore'), volume: orders, site: lyon, point: id };
    expect(await start({ call: 'restore', request }, place).ending).toEqual({ killedBy: 'SIGKILL' });
    await lab.driver.observe(lyon, 'shop', [orders], quiet());
    expect([before, after]).toContainEqual(replica());
    await lab.driver.restore(request, quiet());
    expect(replica()).toEqual(before);
    await lab.driver.claim(lyon, orders, mutation(2), quiet());
    expectNothingLeftOver();
  },
);

test.each([
  ['sync', `replication:file-staged#${ofSync.staged + 1}`],
  ['sync', `replication:operation-applied#${ofSync.operations + 1}`],
  ['restore', `replication:file-staged#${ofRestore.staged + 1}`],
  ['restore', `replication:operation-applied#${ofRestore.operations + 1}`],
] as const)('no place is left out above: a %s never comes by %s', async (call, beyond) => {
  await replicaThenChanges();
  const capture = { ...mutation(1), volume: orders, site: lyon, consistency: 'crash' as const };
  const { id } = await lab.driver.capture(capture, quiet());
  if (call === 'restore') await lab.driver.sync(passRequest(), quiet());
  const restore = { ...mutation(1), volume: orders, site: lyon, point: id };
  const work: OneCall = call === 'sync' ? { call, request: passRequest() } : { call, request: restore };
  expect(await start(work, beyond).ending).toEqual({ said: 'done' });
});

const pointPlaces = replicationFailpoints.filter((name) => name.startsWith('replication:point-'));

test.each(pointPlaces)('killed at %s, the same call again gives one recovery point, complete', async (place) => {
  const { before } = await replicaThenChanges();
  const request = { ...mutation(1, 'run/capture'), volume: orders, site: lyon, consistency: 'crash' as const };
  expect(await start({ call: 'capture', request }, place).ending).toEqual({ killedBy: 'SIGKILL' });
  const point = await lab.driver.capture(request, quiet());
  await lab.driver.sync(passRequest(), quiet());
  const [seen] = await lab.driver.observe(lyon, 'shop', [orders], quiet());
  expect(seen?.points).toEqual([point]);
  expect(readdirSync(path.join(volumeOf(lab.folder, lyon), 'points')).sort()).toEqual(['.keys', point.id]);
  await lab.driver.restore({ ...mutation(1), volume: orders, site: lyon, point: point.id }, quiet());
  expect(replica()).toEqual(before);
});

const claimPlaces = places.filter((name) => !/file-staged|operation-applied/.test(name));

test.each(claimPlaces)(
  'killed at %s, the same claim again holds, and no sync overwrites what is written then',
  async (place) => {
    await replicaThenChanges();
    const request = mutation(2, 'run/claim');
    expect(await start({ call: 'claim', request }, place).ending).toEqual({ killedBy: 'SIGKILL' });
    const claimed = await lab.driver.claim(lyon, orders, request, quiet());
    expect(claimed).toMatchObject({ role: 'active', epoch: 2 });
    await expect(lab.driver.sync(passRequest(), quiet())).rejects.toMatchObject({ code: 'DataNewer' });
  },
);
