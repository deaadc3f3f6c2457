import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { deployment, deploymentsIn, makeNamespace, podTemplate } from '../lab/objects';

/** What runs at a site: everything as its users run it, or everything there with nothing running, as a standby has it. */
export type Presence = 'active' | 'standby';

export const pathsOf = (namespace: string) => ({
  deployments: deploymentsIn(namespace),
  statefulsets: `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
  daemonsets: `/apis/apps/v1/namespaces/${namespace}/daemonsets`,
  cronjobs: `/apis/batch/v1/namespaces/${namespace}/cronjobs`,
  services: `/api/v1/namespaces/${namespace}/services`,
  configmaps: `/api/v1/namespaces/${namespace}/configmaps`,
  secrets: `/api/v1/namespaces/${namespace}/secrets`,
  serviceaccounts: `/api/v1/namespaces/${namespace}/serviceaccounts`,
  roles: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
  rolebindings: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
  networkpolicies: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
  pods: `/api/v1/namespaces/${namespace}/pods`,
  autoscalers: `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`,
});

export type Collection = keyof ReturnType<typeof pathsOf>;

export const pathIn = (namespace: string, collection: Collection, name: string): string =>
  `${pathsOf(namespace)[collection]}/${name}`;

/** A shop of an API, two web front ends, a queue, a nightly report and an agent on every node; none of it has volumes. */
export async function makeShop(client: KubeClient, namespace: string, presence: Presence): Promise<void> {
  const active = presence === 'active';
  const paths = pathsOf(namespace);
  await makeNamespace(client, namespace);
  const web = (name: string): object => {
    const object = deployment(name, active ? 1 : 0) as { metadata: object };
    return { ...object, metadata: { ...object.metadata, labels: { app: 'shop', tier: 'web' } } };
  };
  await Promise.all([
    client.create(paths.deployments, deployment('api', active ? 3 : 0)),
    client.create(paths.deployments, web('web-one')),
    client.create(paths.deployments, web('web-two')),
    client.create(paths.statefulsets, statefulSet('queue', active ? 2 : 0)),
    client.create(paths.daemonsets, daemonSet('agent', active)),
    client.create(paths.cronjobs, cronJob('report', !active)),
    client.create(paths.autoscalers, autoscaler('api')),
    ...['api', 'web-one', 'web-two', 'queue', 'agent'].map(async (app) => client.create(paths.services, service(app))),
    client.create(paths.configmaps, { metadata: { name: 'settings' }, data: { currency: 'EUR' } }),
    client.create(paths.secrets, { metadata: { name: 'keys' }, data: { signing: 'c2VjcmV0' } }),
    client.create(paths.serviceaccounts, { metadata: { name: 'shop' } }),
    client.create(paths.roles, reader),
    client.create(paths.rolebindings, bindingOf('reader', namespace)),
  ]);
}

/** It answers outside of the cluster, and has an annotation by which a controller would publish its name. */
export const service = (app: string): object => ({
  metadata: { name: app, annotations: { 'external-dns.alpha.kubernetes.io/hostname': `${app}.example.test` } },
  spec: { type: 'LoadBalancer', selector: { app }, ports: [{ port: 80 }] },
});

export const reader = {
  metadata: { name: 'reader' },
  rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
};

/** The Role for the account "shop" of the namespace. */
export function bindingOf(role: string, namespace: string): object {
  return {
    metadata: { name: role },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
    subjects: [{ kind: 'ServiceAccount', name: 'shop', namespace }],
  };
}

export function statefulSet(name: string, replicas: number): object {
  const spec = { replicas, serviceName: name, selector: { matchLabels: { app: name } }, template: podTemplate(name) };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name }, spec };
}

export function daemonSet(name: string, active: boolean): object {
  const template = podTemplate(name) as { spec: object };
  const nodeSelector = active ? {} : { 'switchback.dev/stopped': 'true' };
  const spec = {
    selector: { matchLabels: { app: name } },
    template: { ...template, spec: { ...template.spec, nodeSelector } },
  };
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name }, spec };
}

export function cronJob(name: string, suspend: boolean, pod = podTemplate(name)): object {
  const { metadata, spec } = pod as { metadata: object; spec: object };
  const template = { metadata, spec: { ...spec, restartPolicy: 'Never' } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: { schedule: '0 3 * * *', suspend, jobTemplate: { spec: { template } } },
  };
}

export function autoscaler(name: string): object {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 9 },
  };
}

export interface ShopRunbook {
  /** At the primary site, and the name of the group. */
  readonly namespace: string;
  readonly standbyNamespace: string;
  readonly port: number;
  readonly dns: { readonly server: string; readonly api: string };
}

/** The runbook of that shop, as a person would write it. */
export const shopRunbook = ({ namespace, standbyNamespace, port, dns }: ShopRunbook, stage?: object): string => `
switchback: 1
group: ${namespace}
objectives: { rpo: 1m, rto: 5m }
sites:
  primary:
    name: paris
    driver: kubernetes
    address: 127.0.1.1
    kubernetes: { context: alpha, namespace: ${namespace}, kubeconfig: kubeconfig }
    drill: { address: 127.0.3.1, checksFrom: [127.0.0.0/8] }
  recovery:
    name: berlin
    driver: kubernetes
    address: 127.0.2.1
    kubernetes: { context: beta, namespace: ${standbyNamespace}, kubeconfig: kubeconfig }
    drill: { address: 127.0.4.1, checksFrom: [127.0.0.0/8] }
workloads:
  - name: queue
    priority: 1
    kubernetes: { kind: StatefulSet, name: queue, replicas: 2 }
    checks: [{ name: queue answers, http: { port: ${port}, path: /queue }, interval: 20ms, successes: 1 }]
  - name: api
    priority: 1
    kubernetes: { kind: Deployment, name: api, replicas: 2 }
    checks: [{ name: API answers, http: { port: ${port}, path: /api }, interval: 20ms, successes: 1 }]
  - name: web
    priority: 2
    dependsOn: [api, queue]
    kubernetes: { kind: Deployment, selector: { app: shop, tier: web } }
    checks: [{ name: web answers, http: { port: ${port}, path: /web-one }, interval: 20ms, successes: 1 }]
  - name: agent
    priority: 3
    kubernetes: { kind: DaemonSet, name: agent }
    checks: [{ name: agent answers, http: { port: ${port}, path: /agent }, interval: 20ms, successes: 1 }]
  - name: report
    priority: 3
    kubernetes: { kind: CronJob, name: report }
    checks: [{ name: web answers, http: { port: ${port}, path: /web-two }, interval: 20ms, successes: 1 }]
traffic:
  - { name: shop.example.test, ttl: 1s, moveTtl: 1s, provider: { driver: local, server: '${dns.server}', api: '${dns.api}' } }
${stage === undefined ? '' : `stage: ${JSON.stringify(stage)}\n`}`;
