import { startLabProgram } from '../cluster/lab-program';
import { serviceRange } from '../services/service-network';
import { makeSnapshotApi } from '../volumes/snapshot-api';
import { makeStorageClass } from '../volumes/storage-class';
import { nodePlace } from './node-place';
import type { Nodes } from './nodes';
import { findNetwork, nodeAddress, serviceNetwork } from './process/pod-addresses';

export interface ProcessNodeOptions {
  /** Folder that `unpackLabImages` has filled. */
  readonly images: string;
}

/**
 * A node whose pods are processes of this machine, each in namespaces of its own for mounts and processes: for tests and benches of
 * the volume mover only, which start far more pods than a kubelet has time for. Nothing else about a process node is as in a real
 * cluster: pods share the network of the machine and have to listen on their own address (`status.podIP`), which is one of loopback;
 * everything runs as root, with the capabilities that its container may have; resources, seccomp and network policies mean nothing.
 */
export function processNode({ images }: ProcessNodeOptions): Nodes {
  let network = '';
  return {
    count: 1,
    prepare: async ({ place: { files } }) => {
      network = await findNetwork(files.folder);
      return [serviceRange(serviceNetwork(network))];
    },
    start: async (cluster) => {
      const { name, place, processes, client } = cluster;
      const { folder, kubeconfig } = place.files;
      await Promise.all([makeStorageClass(client), makeSnapshotApi(client, processes)]);
      await startLabProgram(cluster, 'node', folder, name, images, network);
      await startLabProgram(cluster, 'volumes', kubeconfig, name, nodePlace(folder).volumes);
      await startLabProgram(cluster, 'services', kubeconfig, name, serviceNetwork(network), nodeAddress(network));
    },
  };
}
