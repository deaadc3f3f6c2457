import path from 'node:path';
import { SwitchbackFailure } from '../../../core/model/failure';
import { startLabProgram } from '../cluster/lab-program';
import { run } from '../run';
import { serviceRange } from '../services/service-network';
import { makeSnapshotApi } from '../volumes/snapshot-api';
import { makeStorageClass } from '../volumes/storage-class';
import { makeBridge, type Bridge } from './bridge';
import { rememberKernelSettings } from './kernel-settings';
import { makeClientCertificate, writeNodeFiles } from './node-files';
import { longestFolder, nodePlace, type NodePlace } from './node-place';
import type { Nodes, YoungCluster } from './nodes';

export interface RealNodeOptions {
  readonly kubelet: string;
  /** Archive of the images that pods can run. */
  readonly images: string;
}

/**
 * This machine as a node: a container runtime, a network and a kubelet for this cluster alone. Pods are reached by their addresses,
 * from the host and from the pods of other clusters on it, and so are Services by a program in the place of kube-proxy.
 */
export function realNode(options: RealNodeOptions): Nodes {
  let bridge: Bridge | undefined;
  return {
    count: 1,
    prepare: async ({ place: { files }, processes }) => {
      const place = nodePlace(files.folder);
      assertShort(place);
      bridge = await makeBridge(place.bridge);
      await Promise.all([rememberKernelSettings(), writeNodeFiles(place, bridge), makeClientCertificate(place)]);
      await processes.start('containerd', 'containerd', ['--config', place.containerdConfig]);
      const certificate = [
        `--kubelet-client-certificate=${place.clientCertificate}`,
        `--kubelet-client-key=${place.clientKey}`,
      ];
      return [...certificate, serviceRange(bridge.services)];
    },
    start: async (cluster) => {
      const { files } = cluster.place;
      const place = nodePlace(files.folder);
      await Promise.all([
        importImages(cluster, place, options.images),
        makeStorageClass(cluster.client),
        makeSnapshotApi(cluster.client, cluster.processes),
      ]);
      const kubelet = [
        `--config=${place.kubeletConfig}`,
        `--kubeconfig=${files.kubeconfig}`,
        `--root-dir=${place.kubeletRoot}`,
        `--cert-dir=${path.join(place.kubeletRoot, 'certificates')}`,
        `--hostname-override=${cluster.name}-node-1`,
        `--node-ip=${bridge?.address}`,
      ];
      await cluster.processes.start('kubelet', options.kubelet, kubelet);
      const { services = '', address = '' } = bridge ?? {};
      await startLabProgram(cluster, 'volumes', files.kubeconfig, cluster.name, place.volumes);
      await startLabProgram(cluster, 'services', files.kubeconfig, cluster.name, services, address);
    },
  };
}

function assertShort({ folder }: NodePlace): void {
  if (folder.length <= longestFolder) return;
  throw new SwitchbackFailure(
    'LabIncomplete',
    `${folder} is too long a name for the sockets in it, by ${folder.length - longestFolder} characters; choose another with --folder`,
  );
}

async function importImages({ processes }: YoungCluster, { socket }: NodePlace, archive: string): Promise<void> {
  const ctr = async (...args: readonly string[]): Promise<string> => run('ctr', '--address', socket, ...args);
  await processes.until(async () =>
    ctr('version').then(
      () => true,
      () => false,
    ),
  );
  // The namespace in which the kubelet looks.
  await ctr('--namespace', 'k8s.io', 'images', 'import', archive);
}
