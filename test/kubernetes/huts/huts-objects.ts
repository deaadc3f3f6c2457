import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { makeNamespace } from '../lab/objects';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly { readonly port: number }[];
  };
}

const manifests = ['front', 'back', 'data'].flatMap((name) =>
  parseAllDocuments(readFileSync(path.join(__dirname, `${name}.yaml`), 'utf8')).map(
    (document) => document.toJS() as Manifest,
  ),
);

const plurals: Readonly<Record<string, string>> = { Ingress: 'ingresses' };

function collectionOf({ apiVersion, kind }: Manifest, namespace: string): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return `${root}/namespaces/${namespace}/${plurals[kind] ?? `${kind.toLowerCase()}s`}`;
}

/** The Services that answer from outside, and at which path. */
export const entrances = { web: '/ready', gateway: '/gateway/ready' } as const;

export interface HutsSite {
  readonly client: KubeClient;
  readonly namespace: string;
  /** That of its load balancer. */
  readonly address: string;
  readonly ports: Readonly<Record<keyof typeof entrances, number>>;
}

/** The application as it is deployed: at the standby with nothing running, as the guide says. */
export async function makeHuts(site: HutsSite, presence: 'active' | 'standby'): Promise<void> {
  const { client, namespace, address } = site;
  await makeNamespace(client, namespace);
  for (const manifest of manifests) {
    const collection = collectionOf(manifest, namespace);
    await client.create(collection, presence === 'active' ? atPorts(manifest, site) : stopped(atPorts(manifest, site)));
    if (manifest.spec?.type !== 'LoadBalancer') continue;
    // As the controller of a cloud provider does.
    await client.patch(`${collection}/${manifest.metadata.name}/status`, {
      status: { loadBalancer: { ingress: [{ ip: address }] } },
    });
  }
}

function atPorts(manifest: Manifest, { ports }: HutsSite): Manifest {
  if (manifest.spec?.type !== 'LoadBalancer') return manifest;
  const port = ports[manifest.metadata.name as keyof typeof entrances];
  return {
    ...manifest,
    spec: { ...manifest.spec, ports: (manifest.spec.ports ?? []).map((one) => ({ ...one, port })) },
  };
}

function stopped(manifest: Manifest): Manifest {
  const changes: Readonly<Record<string, object>> = {
    Deployment: { replicas: 0 },
    StatefulSet: { replicas: 0 },
    CronJob: { suspend: true },
  };
  return { ...manifest, ...(manifest.kind in changes && { spec: { ...manifest.spec, ...changes[manifest.kind] } }) };
}
