import path from 'node:path';
import { makeStorageClass } from '../volumes/storage-class';
import { nodePlace } from './node-place';
import type { Nodes } from './nodes';

export interface ProcessNodeOptions {
  /** Folder that `unpackLabImages` has filled. */
  readonly images: string;
}

const nodeProgram = path.join(__dirname, 'process', 'main.ts');
const volumeProgram = path.join(__dirname, '..', 'volumes', 'main.ts');

/**
 * A node whose pods are processes of this machine, each in namespaces of its own for mounts and processes: for tests and benches of
 * the volume mover only, which start far more pods than a kubelet has time for. Nothing else about a process node is as in a real
 * cluster: pods share the network of the machine and have to listen on their own address (`status.podIP`), which is one of loopback;
 * everything runs as root, and resources, security contexts and network policies mean nothing.
 */
export function processNode({ images }: ProcessNodeOptions): Nodes {
  return {
    count: 1,
    prepare: async () => [],
    start: async ({ name, place: { files }, processes, client }) => {
      await makeStorageClass(client);
      const program = async (called: string, ...args: readonly string[]): Promise<void> =>
        processes.start(called, process.execPath, ['--require', require.resolve('tsx/cjs'), ...args]);
      await program('node', nodeProgram, files.folder, name, images);
      await program('volumes', volumeProgram, files.kubeconfig, name, nodePlace(files.folder).volumes);
    },
  };
}
