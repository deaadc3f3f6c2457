import { copyOf } from '../../core/model/drill';
import type { KubernetesSite } from '../../core/model/site';
import type { RecoveryPoint, VolumeSpec } from '../../core/model/volume';
import { SiteCluster } from '../../drivers/kubernetes/cluster';
import { copyNamespaceName } from '../../drivers/kubernetes/copies/copy-name';
import { neededForSnapshots } from '../../drivers/kubernetes/health/needed-permissions';
import type { KubeObject } from '../../drivers/kubernetes/kube-object';
import {
  createKubernetesReplication,
  type KubernetesReplication,
} from '../../drivers/kubernetes/kubernetes-replication';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { takeSnapshot } from '../../drivers/kubernetes/volumes/snapshots/take-snapshot';
import { snapshotName } from '../../drivers/kubernetes/volumes/snapshots/volume-snapshot';
import type { Progress } from '../../drivers/ports';
import type { VolumePlace } from '../../drivers/kubernetes/volumes/volume-place';
import { labImages } from '../../lab/kubernetes/images/lab-images';
import { snapshotApi, snapshotClass, snapshotVersion } from '../../lab/kubernetes/volumes/snapshot-api';
import { cancelledAt, outcomeOf, quietly, watched } from '../contract/contract';
import { treeOf, writeFiles } from '../contract/volume-files';
import { until } from '../integration/faults/until';
import { claimsIn, volumeFolder } from './lab/claim-folder';
import { describeWithNodes } from './lab/describe-with-nodes';
import { makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { asked } from './permissions/asked';
import { applyManifests, granted, wordsOfNeeded } from './permissions/manifests';
import { claim } from './real/real-objects';

const namespace = 'shop';
const group = 'shop';
const copy = copyOf(group);
const volume: VolumeSpec = {
  name: 'orders',
  marker: { file: 'orders.log' },
  kubernetes: { claims: { paris: 'orders', berlin: 'orders' }, timeoutSeconds: 120 },
};
const snapshotsIn = (within = namespace): string => `${snapshotApi}/namespaces/${within}/volumesnapshots`;

test('what site health asks for to take snapshots is what the Role grants', () => {
  expect(wordsOfNeeded(neededForSnapshots)).toEqual(granted('Role switchback-snapshots'));
});

interface ByHand {
  readonly taken: Promise<void>;
  readonly messages: readonly Progress[];
  tell(status: object): Promise<void>;
}

describeWithNodes('recovery points that are snapshots', () => {
  let clusters: TwoClusters;
  let driver: KubernetesReplication;
  let workloads: KubernetesWorkloads;
  let site: KubernetesSite;
  beforeAll(async () => {
    clusters = await startTwoClusters({ nodes: 'process' });
    const options = { kubeconfigFolder: clusters.folder };
    driver = createKubernetesReplication(options);
    workloads = createKubernetesWorkloads(options);
    site = siteWith(snapshotClass);
    const { client } = clusters.alpha;
    await makeNamespace(client, namespace);
    await applyManifests(client, namespace);
    await client.create(claimsIn(namespace), claim('orders'));
    await driver.claim(site, volume, by('claim'), quietly());
    await write('order 1\n');
  });
  afterAll(async () => {
    for (const each of [driver, workloads]) each?.close();
    await clusters?.stop();
  });

  const by = (step: string) => ({ group, operationKey: `run/${step}`, epoch: 1 });
  const folder = async (): Promise<string> => volumeFolder(clusters.alpha, namespace, 'orders');
  const write = async (content: string): Promise<void> => writeFiles(await folder(), [{ path: 'orders.log', content }]);
  const capture = async (step: string, context = quietly(), at = site): Promise<RecoveryPoint> =>
    driver.capture({ volume, site: at, consistency: 'crash', ...by(step) }, context);
  const restore = async (point: string, at = site): Promise<unknown> =>
    driver.restore({ volume, site: at, point, ...by(`restore-${point}`) }, quietly());
  const pointsOf = async (at = site): Promise<readonly string[]> =>
    ((await driver.observe(at, group, [volume], quietly()))[0]?.points ?? []).map(({ id }) => id);
  const namesIn = async (path: string): Promise<readonly string[]> =>
    (await clusters.alpha.client.get<{ items: readonly KubeObject[] }>(path)).items.map(
      ({ metadata }) => metadata.name,
    );
  const remove = async (path: string): Promise<unknown> => clusters.alpha.client.text({ method: 'DELETE', path });

  function siteWith(named: string | undefined): KubernetesSite {
    const plain = clusters.workerSite('alpha', namespace);
    const snapshots = named === undefined ? {} : { snapshots: { class: named, claims: ['orders', 'not-there'] } };
    const mover = { image: labImages.rsync, pullPolicy: 'Never', service: 'Pod', ...snapshots } as const;
    return { ...plain, kubernetes: { ...plain.kubernetes, mover }, drill: { address: '127.0.3.1' } };
  }

  test('tell on their snapshot what they prove', async () => {
    const point = await capture('told');
    const path = `${snapshotsIn()}/${snapshotName(point.id)}`;
    const { metadata } = await clusters.alpha.client.get<KubeObject>(path);
    expect(metadata.labels).toMatchObject({ 'switchback.dev/volume': 'orders', 'switchback.dev/volume-of': 'shop' });
    const told: unknown = JSON.parse(metadata.annotations?.['switchback.dev/recovery-point'] ?? '');
    expect(told).toEqual({ ...point, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  });

  test('leave no claim behind, whether they are taken, restored or copied', async () => {
    const point = await capture('no-claims');
    await restore(point.id);
    const own = async (): Promise<readonly string[]> =>
      (await namesIn(claimsIn(namespace))).filter((name) => name !== 'orders');
    await until('their claims are gone', async () => (await own()).length === 0);
  });

  test('are none any more when somebody has removed their snapshot', async () => {
    const kept = await capture('kept');
    const lost = await capture('lost');
    await remove(`${snapshotsIn()}/${snapshotName(lost.id)}`);
    expect(await pointsOf()).toContain(kept.id);
    expect(await pointsOf()).not.toContain(lost.id);
    await expect(restore(lost.id)).rejects.toMatchObject({
      code: 'RecoveryPointMissing',
      message: expect.stringContaining(snapshotName(lost.id)) as string,
    });
    // What is new is counted from the newest that is there.
    expect(await capture('after-the-lost')).toMatchObject({ newBytes: 0 });
  });

  test('are as they were when the setting comes and goes', async () => {
    const plain = siteWith(undefined);
    await write('order 1\norder 2\n');
    const snapshot = await capture('as-snapshot');
    const inFolder = await capture('as-folder', quietly(), plain);
    expect(inFolder).toMatchObject({ records: 2, newBytes: inFolder.bytes });
    expect(await capture('as-snapshot-again')).toMatchObject({ records: 2, newBytes: 0 });
    await write('order 1\norder 2\norder 3\n');
    await restore(snapshot.id, plain);
    expect(treeOf(await folder())['orders.log']).toMatchObject({ content: 'order 1\norder 2\n' });
    await restore(inFolder.id);
    expect(treeOf(await folder())['orders.log']).toMatchObject({ content: 'order 1\norder 2\n' });
  });

  test('are one for each that was asked for, however often that was interrupted', async () => {
    for (let nth = 1; nth <= 8; nth *= 2) await outcomeOf(capture('interrupted', cancelledAt(nth)));
    const point = await capture('interrupted');
    const last = await capture('after-the-interrupted');
    expect((await pointsOf()).slice(0, 2)).toEqual([last.id, point.id]);
    const snapshots = async (): Promise<readonly string[]> => [...(await namesIn(snapshotsIn()))].sort();
    const stored = (await pointsOf()).map(snapshotName).sort();
    await until('only snapshots of points are left', async () =>
      (await snapshots()).every((name) => stored.includes(name)),
    );
  });

  test('go with their snapshots when they are thinned, those of an interrupted pass as well', async () => {
    const last = await capture('newest');
    const spec = { volumeSnapshotClassName: snapshotClass, source: { persistentVolumeClaimName: 'orders' } };
    const labels = { 'switchback.dev/volume': 'orders', 'switchback.dev/volume-of': 'shop' };
    await clusters.alpha.client.create(snapshotsIn(), {
      apiVersion: snapshotVersion,
      kind: 'VolumeSnapshot',
      metadata: { name: 'switchback-unfinished', labels },
      spec,
    });
    await driver.thin(site, volume, { group, rules: [], now: new Date().toISOString() }, quietly());
    expect(await pointsOf()).toEqual([last.id]);
    await until('their snapshots are gone', async () => (await namesIn(snapshotsIn())).length === 1);
    expect(await namesIn(snapshotsIn())).toEqual([snapshotName(last.id)]);
  });

  describe('whose snapshot', () => {
    let cluster: SiteCluster;
    let place: VolumePlace;
    beforeAll(() => {
      cluster = new SiteCluster(site, namespace, clusters.folder);
      const { mover } = site.kubernetes;
      if (mover === undefined || volume.kubernetes === undefined) throw new Error('the site has no mover');
      place = { cluster, group, volume, claim: 'orders', settings: volume.kubernetes, mover };
    });
    afterAll(() => cluster.close());

    /** Of a class that nobody serves but the test. */
    async function takeByHand(name: string): Promise<ByHand> {
      const context = watched();
      const taken = takeSnapshot(place, { name, pass: name, className: 'by-hand' }, context);
      await until('it is waited for', async () => (await namesIn(snapshotsIn())).includes(name));
      const path = `${snapshotsIn()}/${name}/status`;
      const { messages } = context;
      return { taken, messages, tell: async (status) => void (await clusters.alpha.client.patch(path, { status })) };
    }

    test('tells an error for long fails with it', async () => {
      const { taken, tell } = await takeByHand('in-vain');
      await tell({ readyToUse: false, error: { message: 'no room in the pool' } });
      await expect(taken).rejects.toMatchObject({
        code: 'SnapshotFailed',
        message: expect.stringContaining('no room in the pool') as string,
      });
    });

    test('tells an error and is ready then is one', async () => {
      const { taken, messages, tell } = await takeByHand('with-patience');
      await tell({ readyToUse: false, error: { message: 'the object has been modified' } });
      const isSeen = (): boolean => messages.some(({ doing }) => doing.includes('has been modified'));
      await until('the error is seen', isSeen);
      await tell({ readyToUse: true, error: null });
      await expect(taken).resolves.toBeUndefined();
    });
  });

  describe('in a cluster', () => {
    const seen = async (named: string) =>
      (await workloads.siteHealth(siteWith(named), quietly())).findings.find(({ name }) => name === 'snapshots');

    test('whose class serves the claims are in order', async () => {
      expect(await seen(snapshotClass)).toMatchObject({ ok: true, saw: expect.stringContaining('1 claims') as string });
    });

    test('without the class are told so in the plan', async () => {
      expect(await seen('another')).toMatchObject({
        ok: false,
        saw: expect.stringContaining('"another"') as string,
        fix: expect.stringContaining('volumesnapshotclasses') as string,
      });
    });

    test('whose class is of another driver than the claims are told so in the plan', async () => {
      const object = { apiVersion: snapshotVersion, kind: 'VolumeSnapshotClass', metadata: { name: 'foreign' } };
      const foreign = { ...object, driver: 'ebs.csi.aws.com', deletionPolicy: 'Delete' };
      await clusters.alpha.client.create(`${snapshotApi}/volumesnapshotclasses`, foreign);
      expect(await seen('foreign')).toMatchObject({
        ok: false,
        saw: expect.stringContaining('claim orders is provided by lab.switchback.dev/folders') as string,
      });
    });
  });

  test('ask for no more than the Roles allow, and for all of it', async () => {
    const { auditLog } = clusters.alpha;
    await workloads.prepareCopy(site, { ...by('prepare'), group: copy }, quietly());
    const [point = ''] = await pointsOf();
    const ofCopy = (step: string) => ({ ...by(step), group: copy, volume, site });
    await driver.copy({ ...ofCopy('copy'), from: group, point }, quietly());
    const taken = await driver.capture({ ...ofCopy('capture'), consistency: 'crash' }, quietly());
    await driver.capture({ ...ofCopy('another'), consistency: 'crash' }, quietly());
    await driver.restore({ ...ofCopy('restore'), point: taken.id }, quietly());
    await driver.thin(site, volume, { group: copy, rules: [], now: new Date().toISOString() }, quietly());
    await workloads.removeCopy(site, { ...by('remove'), group: copy }, quietly());

    const ofSnapshots = (words: readonly string[]) => words.filter((word) => word.includes('snapshot.storage.k8s.io'));
    const all = granted('Role switchback-snapshots');
    expect(ofSnapshots(asked(auditLog, namespace))).toEqual(all);
    expect(ofSnapshots(asked(auditLog, copyNamespaceName(namespace, copy)))).toEqual(all);
    expect(ofSnapshots(granted('ClusterRole switchback-drill'))).toEqual(all);
    expect(ofSnapshots(asked(auditLog, ''))).toEqual(granted('ClusterRole switchback-snapshots'));
    const allowed = granted(
      'Role switchback-worker',
      'Role switchback-mover',
      'Role switchback-drill',
      'Role switchback-snapshots',
    );
    expect(asked(auditLog, namespace).filter((word) => !allowed.includes(word))).toEqual([]);
  });
});
