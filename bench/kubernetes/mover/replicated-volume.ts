import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesSite } from '../../../core/model/site';
import type { SyncResult, VolumeSpec } from '../../../core/model/volume';
import { createKubernetesReplication } from '../../../drivers/kubernetes/kubernetes-replication';
import type { CallContext } from '../../../drivers/ports';
import { adminClient } from '../../../lab/kubernetes/cluster/admin-client';
import { labImages } from '../../../lab/kubernetes/images/lab-images';
import { nodePlace } from '../../../lab/kubernetes/nodes/node-place';

export interface ReplicatedVolume {
  /** On this machine, where plain rsync finds the same data. */
  readonly folders: { readonly source: string; readonly target: string };
  readonly finalSync: (step: string) => Promise<SyncResult>;
  readonly close: () => void;
}

const name = 'data';
const namespace = 'default';
const group = 'bench';
const volume: VolumeSpec = {
  name,
  kubernetes: { claims: { alpha: name, beta: name }, timeoutSeconds: 600 },
};

const context: CallContext = { signal: new AbortController().signal, progress: () => undefined };

/** A claim at each cluster of the lab in that folder: active at the one, filled, and replicated to the other. */
export async function replicatedVolume(
  lab: string,
  fill: (folder: string) => Promise<void>,
): Promise<ReplicatedVolume> {
  const driver = createKubernetesReplication({ kubeconfigFolder: lab });
  const [source, target] = [siteOf('alpha', '127.0.1.1'), siteOf('beta', '127.0.2.1')];
  const folders = { source: await makeClaim(lab, 'alpha'), target: await makeClaim(lab, 'beta') };
  const by = (step: string) => ({ group, operationKey: `bench/${step}`, epoch: 1 });
  const sync = async (step: string, final: boolean): Promise<SyncResult> =>
    driver.sync({ ...by(step), volume, source, target, final }, context);
  await fill(folders.source);
  await driver.claim(source, volume, by('claim'), context);
  await sync('first', false);
  return { folders, finalSync: async (step) => sync(step, true), close: () => driver.close() };
}

/** Pods of both clusters reach each other on the bridges of the lab. */
const siteOf = (cluster: string, address: string): KubernetesSite => ({
  driver: 'kubernetes',
  name: cluster,
  address,
  kubernetes: {
    namespace,
    context: cluster,
    kubeconfig: 'kubeconfig',
    mover: { image: labImages.rsync, pullPolicy: 'Never', service: 'Pod' },
  },
});

/** Returns the folder of its volume. */
async function makeClaim(lab: string, cluster: string): Promise<string> {
  const client = adminClient(cluster, path.join(lab, 'kubeconfig'));
  const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '4Gi' } } };
  await client.create(claims, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec });
  try {
    for (;;) {
      const { spec: bound } = await client.get<{ spec: { volumeName?: string } }>(`${claims}/${name}`);
      if (bound.volumeName !== undefined)
        return path.join(nodePlace(path.join(lab, cluster)).volumes, bound.volumeName);
      await pause(100);
    }
  } finally {
    client.close();
  }
}
