import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '../../../../drivers/kubernetes/client/kube-client';
import { KubeError, NoAnswer } from '../../../../drivers/kubernetes/client/kube-error';
import type { KubeList } from '../../../../drivers/kubernetes/kube-object';
import { adminClient } from '../../cluster/admin-client';
import { clusterFiles } from '../../cluster/cluster-files';
import { logServer } from './log-server';
import { registerNode, renewLease } from './node-object';
import type { NodePod } from './pod';
import { NodePods } from './node-pods';
import { nodeAddress, nodePort } from './pod-addresses';
import type { ProcessNode } from './pod-life';

const againAfterMs = 200;

type Argument = 'cluster' | 'name' | 'images' | 'network';

/** A node of the cluster until it is ended: each pod that is bound to it is a process of this machine. */
async function main({ cluster, name, images, network }: Readonly<Record<Argument, string>>): Promise<never> {
  const files = clusterFiles(cluster);
  const client = adminClient(name, files.kubeconfig);
  const node: ProcessNode = { client, cluster, images, pods: path.join(cluster, 'pods') };
  await mkdir(node.pods, { recursive: true });
  const pods: { current?: NodePods } = {};
  const server = logServer(files.certificates, (namespace, pod) => pods.current?.logFile(namespace, pod));
  server.listen(nodePort, nodeAddress(network));
  await once(server, 'listening');
  pods.current = new NodePods(node, network);
  const nodeName = `${name}-node-1`;
  await registerNode(client, { name: nodeName, address: nodeAddress(network), port: nodePort });
  void renewLease(client, nodeName);
  for (;;) {
    try {
      await follow(client, nodeName, pods.current);
    } catch (error) {
      if (!(error instanceof KubeError) && !(error instanceof NoAnswer)) throw error;
      process.stderr.write(`${error.message}\n`);
    }
    await pause(againAfterMs);
  }
}

/** Until the watch ends. */
async function follow(client: KubeClient, nodeName: string, pods: NodePods): Promise<void> {
  const query = { fieldSelector: `spec.nodeName=${nodeName}` };
  const { items, metadata } = await client.get<KubeList<NodePod>>('/api/v1/pods', { query });
  pods.onlyThese(items);
  const since = { ...query, resourceVersion: metadata.resourceVersion };
  for await (const { type, object } of client.watch<NodePod>('/api/v1/pods', since, new AbortController().signal)) {
    if (type === 'DELETED') pods.gone(object.metadata.uid);
    else pods.seen(object);
  }
}

const [cluster = '', name = '', images = '', network = ''] = process.argv.slice(2);
void main({ cluster, name, images, network });
