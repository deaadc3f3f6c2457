import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';

/** How the fake pods of a workload behave; lab/kubernetes/cluster/fake-nodes.yaml. */
export type Temper = 'stubborn' | 'never-ready' | 'crash-loop' | 'init-crash-loop' | 'image-missing' | 'endless';

export interface PodOptions {
  readonly temper?: Temper;
  readonly finalizers?: readonly string[];
  readonly claims?: readonly string[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

export const deploymentsIn = (namespace: string): string => `/apis/apps/v1/namespaces/${namespace}/deployments`;

export async function makeNamespace(client: KubeClient, name: string): Promise<void> {
  await client.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

export function podTemplate(app: string, { temper, finalizers, claims = [], nodeSelector }: PodOptions = {}): object {
  return {
    metadata: {
      labels: { app },
      ...(finalizers !== undefined && { finalizers }),
      ...(temper !== undefined && { annotations: { 'lab.switchback.dev/temper': temper } }),
    },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'example.invalid/app:1',
          resources: { requests: { cpu: '100m' } },
          ...(claims.length > 0 && { volumeMounts: claims.map((name) => ({ name, mountPath: `/mnt/${name}` })) }),
        },
      ],
      ...(temper === 'init-crash-loop' && { initContainers: [{ name: 'migrate', image: 'example.invalid/app:1' }] }),
      ...(nodeSelector !== undefined && { nodeSelector }),
      ...(claims.length > 0 && {
        volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
      }),
    },
  };
}

export function deployment(name: string, replicas: number, pod: PodOptions = {}): object {
  const spec = { replicas, selector: { matchLabels: { app: name } }, template: podTemplate(name, pod) };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
}
