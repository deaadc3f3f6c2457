import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import type { Binaries } from '../binaries/versions';
import { programArguments } from '../cluster/program-arguments';
import type { Nodes } from './nodes';

/** Nodes without machines; kwok keeps them Ready and plays the lives of their pods. */
export function fakeNodes({ kwok }: Binaries, count = 2): Nodes {
  return {
    count,
    prepare: async () => [],
    start: async ({ name, place, processes, client }) => {
      await processes.start('kwok', kwok, programArguments.kwok(place));
      await makeNodes(client, name, count);
    },
  };
}

async function makeNodes(client: KubeClient, cluster: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${cluster}-node-${index + 1}`);
  await Promise.all(
    names.map(async (name) =>
      client.create('/api/v1/nodes', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/hostname': name, type: 'kwok' } },
      }),
    ),
  );
}
