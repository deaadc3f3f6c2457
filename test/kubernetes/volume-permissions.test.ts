import path from 'node:path';
import { copyOf } from '../../core/model/drill';
import type { KubernetesSite } from '../../core/model/site';
import type { VolumeSpec } from '../../core/model/volume';
import { copyNamespaceName } from '../../drivers/kubernetes/copies/copy-name';
import { neededForVolumes } from '../../drivers/kubernetes/health/needed-permissions';
import {
  createKubernetesReplication,
  type KubernetesReplication,
} from '../../drivers/kubernetes/kubernetes-replication';
import type { KubeList, Pod } from '../../drivers/kubernetes/kube-object';
import type { CallContext } from '../../drivers/ports';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { labImages } from '../../lab/kubernetes/images/lab-images';
import { blockPorts } from '../../lab/kubernetes/services/blocked-ports';
import { cancelledAt, outcomeOf, quietly } from '../contract/contract';
import { until } from '../integration/faults/until';
import { describeWithNodes } from './lab/describe-with-nodes';
import { noRoomFor } from './lab/no-room';
import { makeNamespace } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { asked } from './permissions/asked';
import { applyManifests, granted, onlyToMove, wordsOfNeeded } from './permissions/manifests';
import { claim } from './real/real-objects';

const namespace = 'shop';
const group = 'shop';
const copy = copyOf(group);
const volume: VolumeSpec = {
  name: 'orders',
  kubernetes: { claims: { paris: 'orders', berlin: 'orders' }, timeoutSeconds: 120 },
};

test('what site health asks for to move volumes is what the Role grants besides that of the worker', () => {
  expect(wordsOfNeeded(neededForVolumes)).toEqual(onlyToMove());
});

describeWithNodes('the Role of those who move volumes', () => {
  let clusters: TwoClusters;
  let driver: KubernetesReplication;
  let workloads: KubernetesWorkloads;
  let site: KubernetesSite;
  let peer: KubernetesSite;
  beforeAll(async () => {
    clusters = await startTwoClusters({ nodes: 'process' });
    const options = { kubeconfigFolder: clusters.folder };
    driver = createKubernetesReplication(options);
    workloads = createKubernetesWorkloads(options);
    const mover = { image: labImages.rsync, pullPolicy: 'Never', service: 'NodePort', keepOnFailure: true } as const;
    const siteAt = (cluster: 'alpha' | 'beta'): KubernetesSite => {
      const plain = clusters.workerSite(cluster, namespace);
      return { ...plain, kubernetes: { ...plain.kubernetes, mover }, drill: { address: '127.0.3.1' } };
    };
    [site, peer] = [siteAt('alpha'), siteAt('beta')];
    for (const { client } of [clusters.alpha, clusters.beta]) {
      await makeNamespace(client, namespace);
      await applyManifests(client, namespace);
      await client.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, claim('orders'));
    }
  });
  afterAll(async () => {
    for (const each of [driver, workloads]) each?.close();
    await clusters?.stop();
  });

  /** Ended while its pod at the target is at work, which goes on as long as nobody answers it. */
  async function endedAtWork(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const folder = path.dirname(clusters.alpha.kubeconfig);
    await blockPorts(folder, ['NodePort']);
    const end = new AbortController();
    const outcome = outcomeOf(work(end.signal));
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    const query = { labelSelector: 'switchback.dev/mover=pull' };
    await until('its pod runs, and has been asked what it does', async () => {
      const { items } = await clusters.beta.client.get<KubeList<Pod>>(pods, { query });
      const told = asked(clusters.beta.auditLog, namespace).includes('get /pods/log');
      return told && items.some(({ status }) => status.phase === 'Running');
    });
    end.abort();
    expect(await outcome).not.toBe('done');
    await blockPorts(folder, []);
  }

  /** Ended wherever it is, and taken up again. */
  async function againAndAgain(work: (context: CallContext) => Promise<unknown>): Promise<void> {
    for (let nth = 1; nth <= 64; nth *= 2) await outcomeOf(work(cancelledAt(nth)));
    await work(quietly());
  }

  const by = (step: string, epoch = 1) => ({ group, operationKey: `run/${step}`, epoch });

  test('allows all that is done with volumes, and each verb of it is needed', async () => {
    await driver.claim(site, volume, by('claim'), quietly());
    const pass = { volume, source: site, target: peer, final: false };
    await againAndAgain(async (context) => driver.sync({ ...pass, ...by('sync') }, context));
    await endedAtWork(async (signal) => driver.sync({ ...pass, ...by('ended') }, { ...quietly(), signal }));
    const roomAgain = await noRoomFor(clusters.beta.client, namespace, 'no-room');
    const refused = driver.sync({ ...pass, ...by('refused') }, quietly());
    await expect(refused).rejects.toMatchObject({ code: 'MoverFailed', message: expect.stringContaining('no-room') });
    await roomAgain();
    await driver.sync({ ...pass, ...by('final'), final: true }, quietly());
    const point = await driver.capture({ volume, site: peer, consistency: 'crash', ...by('capture') }, quietly());
    await driver.restore({ volume, site: peer, point: point.id, ...by('restore') }, quietly());
    await driver.thin(peer, volume, { group, rules: [], now: new Date().toISOString() }, quietly());
    await driver.observe(site, group, [volume], quietly());
    const ofCopy = (step: string) => ({ ...by(step), group: copy });
    for (const each of [site, peer]) await workloads.prepareCopy(each, ofCopy('prepare'), quietly());
    await driver.copy({ ...ofCopy('copy'), from: group, volume, site: peer, point: 'latest' }, quietly());
    const back = { ...ofCopy('back'), volume, source: peer, target: site, final: false };
    await againAndAgain(async (context) => driver.sync(back, context));
    for (const each of [site, peer]) await workloads.removeCopy(each, ofCopy('remove'), quietly());

    const both = [clusters.alpha, clusters.beta].flatMap(({ auditLog }) => asked(auditLog, namespace));
    const allowed = granted('Role switchback-worker', 'Role switchback-mover', 'Role switchback-drill');
    expect(both.filter((word) => !allowed.includes(word))).toEqual([]);
    expect(granted('Role switchback-mover').filter((word) => !both.includes(word))).toEqual([]);
    const copyNamespace = copyNamespaceName(namespace, copy);
    const inCopy = [clusters.alpha, clusters.beta].flatMap(({ auditLog }) => asked(auditLog, copyNamespace));
    const allowedInCopy = [...granted('ClusterRole switchback-drill'), ...granted('ClusterRole switchback-drills')];
    expect(inCopy.filter((word) => !allowedInCopy.includes(word))).toEqual([]);
    expect(onlyToMove().filter((word) => !inCopy.includes(word))).toEqual([]);
  });
});
