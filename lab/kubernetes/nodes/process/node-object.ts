import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '../../../../drivers/kubernetes/client/kube-client';
import { untilAnswered } from './pod-reports';

const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const leaseSeconds = 40;
const renewedAfterMs = 10_000;

export interface NodePlacing {
  readonly name: string;
  readonly address: string;
  /** Where it serves logs. */
  readonly port: number;
}

/** Makes the node, Ready, and room for many pods on it. */
export async function registerNode(client: KubeClient, { name, address, port }: NodePlacing): Promise<void> {
  const room = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '200' };
  const since = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const ready = { type: 'Ready', status: 'True', reason: 'ProcessNode', message: 'pods are processes of this machine' };
  const metadata = { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } };
  await untilAnswered(async () => client.create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata }));
  const status = {
    capacity: room,
    allocatable: room,
    conditions: [{ ...ready, lastHeartbeatTime: since, lastTransitionTime: since }],
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  await untilAnswered(async () =>
    client.request({
      method: 'PATCH',
      path: `/api/v1/nodes/${name}/status`,
      contentType: 'application/strategic-merge-patch+json',
      body: { status },
    }),
  );
}

/** Says again and again that the node lives: one that is silent for long is declared lost. */
export async function renewLease(client: KubeClient, name: string): Promise<never> {
  const spec = () => ({
    holderIdentity: name,
    leaseDurationSeconds: leaseSeconds,
    renewTime: new Date().toISOString().replace('Z', '000Z'),
  });
  await untilAnswered(async () =>
    client.create(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name }, spec: spec() }),
  );
  for (;;) {
    await pause(renewedAfterMs);
    await untilAnswered(async () => client.patch(`${leases}/${name}`, { spec: spec() }));
  }
}
