import { setTimeout as pause } from 'node:timers/promises';
import type { WorkloadSpec } from '../../../core/model/workload';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { deployment, podTemplate } from '../lab/objects';
import { autoscaler, bindingOf, cronJob, daemonSet, pathsOf, reader, service, statefulSet } from '../shop/shop-objects';

/** An application of every kind of workload that a drill copies, one of which does not end when it is asked to, and one that never comes up. */
export async function makeApplication(client: KubeClient, namespace: string): Promise<void> {
  const paths = pathsOf(namespace);
  const endless = podTemplate('report', { temper: 'endless' });
  await Promise.all([
    client.create(paths.deployments, deployment('stubborn', 1, { temper: 'stubborn' })),
    client.create(paths.deployments, deployment('crashing', 0, { temper: 'crash-loop' })),
    client.create(paths.statefulsets, statefulSet('queue', 1)),
    client.create(paths.daemonsets, daemonSet('agent', true)),
    client.create(paths.cronjobs, cronJob('report', false, endless)),
    client.create(paths.autoscalers, autoscaler('stubborn')),
    client.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
      metadata: { name: 'unbound' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
    client.create(paths.secrets, { metadata: { name: 'keys' }, data: { signing: 'c2VjcmV0' } }),
    client.create(paths.services, service('stubborn')),
    client.create(paths.serviceaccounts, { metadata: { name: 'shop' } }),
    client.create(paths.roles, reader),
    client.create(paths.rolebindings, bindingOf('reader', namespace)),
    client.create(paths.rolebindings, {
      ...bindingOf('viewer', namespace),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    }),
    addPullSecret(client, `${paths.serviceaccounts}/default`),
  ]);
}

/** The cluster makes the account of a namespace a moment after the namespace. */
async function addPullSecret(client: KubeClient, path: string): Promise<void> {
  for (;;) {
    try {
      await client.patch(path, { imagePullSecrets: [{ name: 'keys' }] });
      return;
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
      await pause(20);
    }
  }
}

/** As a CronJob makes one when its time has come; waits until everything of the application has its pods. */
export async function makeJob(client: KubeClient, namespace: string): Promise<void> {
  const paths = pathsOf(namespace);
  const { metadata, spec } = await client.get<{ metadata: { uid: string }; spec: { jobTemplate: object } }>(
    `${paths.cronjobs}/report`,
  );
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', uid: metadata.uid, controller: true };
  await client.create(`/apis/batch/v1/namespaces/${namespace}/jobs`, {
    ...spec.jobTemplate,
    metadata: { name: 'report-1', ownerReferences: [owner] },
  });
  const pods = async (): Promise<number> => (await client.get<{ items: unknown[] }>(paths.pods)).items.length;
  // One of the stubborn, one of the queue, two agents, one of the job.
  while ((await pods()) < 5) await pause(50);
}

/** A kind that no drill copies. */
export async function makeReplicaSet(client: KubeClient, namespace: string): Promise<void> {
  const spec = { replicas: 1, selector: { matchLabels: { app: 'batch' } }, template: podTemplate('batch') };
  await client.create(`/apis/apps/v1/namespaces/${namespace}/replicasets`, { metadata: { name: 'batch' }, spec });
}

const workload = (kind: string, name: string, stopGraceSeconds = 5): WorkloadSpec => ({
  name,
  priority: 1,
  dependsOn: [],
  volumes: [],
  checks: [],
  stopGraceSeconds,
  kubernetes: { kind, name },
});

export const workloads: readonly WorkloadSpec[] = [
  workload('Deployment', 'stubborn', 0.2),
  workload('StatefulSet', 'queue'),
  workload('DaemonSet', 'agent'),
  workload('CronJob', 'report', 0.2),
];

export const replicaSet = workload('ReplicaSet', 'batch');

export const crashing = workload('Deployment', 'crashing');
