import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import type { KubeObject } from '../../../drivers/kubernetes/kube-object';
import { deployment, deploymentsIn, makeNamespace, podTemplate } from '../lab/objects';
import { cronJob, daemonSet, statefulSet } from '../shop/shop-objects';

interface Deployed {
  readonly metadata: object;
  readonly spec: { readonly template: { readonly metadata: object; readonly spec: object } };
}

/** What is seldom in a namespace, one of each. */
export async function makeOddities(client: KubeClient, namespace: string): Promise<void> {
  await makeNamespace(client, namespace);
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const core = `/api/v1/namespaces/${namespace}`;
  const site = await client.create<KubeObject>(deploymentsIn(namespace), siteWithOperator());
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'site', uid: site.metadata.uid };
  await client.create(deploymentsIn(namespace), having('owned', 1, { ownerReferences: [owner] }));
  const annotations = { 'switchback.dev/original-replicas': '4' };
  await client.create(deploymentsIn(namespace), having('stopped', 0, { annotations }));
  await client.create(deploymentsIn(namespace), deployment('switched-off', 0));
  await client.create(`${apps}/statefulsets`, withVolumes());
  await client.create(`${apps}/daemonsets`, daemonSet('agent', true));
  await client.create(`/apis/batch/v1/namespaces/${namespace}/cronjobs`, cronJob('paused', true));
  await client.create(`${core}/persistentvolumeclaims`, claim('old-data'));
  for (const [name, port] of [
    ['site', 8080],
    ['store', 5432],
  ] as const)
    await client.create(`${core}/services`, {
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ port }] },
    });
  const ingresses = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`;
  const backend = { service: { name: 'site', port: { number: 8080 } } };
  await client.create(ingresses, {
    metadata: { name: 'site' },
    spec: {
      tls: [{ hosts: ['odd.example.test'], secretName: 'certificate' }],
      rules: [{ host: 'odd.example.test', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  });
  await client.patch(`${ingresses}/site/status`, { status: { loadBalancer: { ingress: [{ ip: '203.0.113.20' }] } } });
}

function having(name: string, replicas: number, metadata: object): object {
  const object = deployment(name, replicas) as Deployed;
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}

/** Made by an operator, waits in an init container, and is probed by a connection. */
function siteWithOperator(): object {
  const uid = '11111111-2222-3333-4444-555555555555';
  const object = having('site', 2, {
    ownerReferences: [{ apiVersion: 'example.test/v1', kind: 'Site', name: 'main', uid }],
  }) as Deployed;
  const image = 'example.invalid/site:1';
  const spec = {
    initContainers: [{ name: 'wait', image, command: ['wait-for'], args: ['store:5432'] }],
    containers: [{ name: 'site', image, readinessProbe: { tcpSocket: { port: 8080 } } }],
  };
  const template = { ...object.spec.template, spec };
  return { ...object, spec: { ...object.spec, template } };
}

function withVolumes(): object {
  const object = statefulSet('store', 1) as Deployed;
  return { ...object, spec: { ...object.spec, template: podTemplate('store'), volumeClaimTemplates: [claim('data')] } };
}

const claim = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});
