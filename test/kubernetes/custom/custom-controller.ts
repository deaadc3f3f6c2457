import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { KubeObject } from '../../../drivers/kubernetes/kube-object';
import { podTemplate } from '../lab/objects';
import { collectionOf, type CustomDefinition } from './custom-objects';

interface CustomObject extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly replicas?: number };
}

/** What an operator does: it makes and removes pods until there are as many as an object wants, and says so in its status. */
export function startController(client: KubeClient, namespace: string, definition: CustomDefinition) {
  const stop = new AbortController();
  const collection = collectionOf(namespace, definition.plural);
  const follow = async (): Promise<void> => {
    for await (const { type, object } of client.watch<CustomObject>(collection, {}, stop.signal)) {
      const wanted = type === 'DELETED' ? 0 : wantedOf(definition, object);
      await havePods(client, namespace, object.metadata.name, wanted);
      if (type === 'DELETED' || object.status?.replicas === wanted) continue;
      const status = { replicas: wanted, selector: `app=${object.metadata.name}` };
      await client.patch(`${collection}/${object.metadata.name}/status`, { status }).catch(unlessGone);
    }
  };
  const ended = follow().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return async (): Promise<void> => {
    stop.abort();
    await ended;
  };
}

const wantedOf = ({ replicasAt }: CustomDefinition, object: CustomObject): number =>
  replicasAt.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], object) as number;

async function havePods(client: KubeClient, namespace: string, app: string, wanted: number): Promise<void> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const { items } = await client.get<{ items: KubeObject[] }>(pods, { query: { labelSelector: `app=${app}` } });
  const living = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  for (const { metadata } of living.slice(wanted))
    await client.text({ method: 'DELETE', path: `${pods}/${metadata.name}` }).catch(unlessGone);
  const template = podTemplate(app) as { metadata: object };
  for (let count = living.length; count < wanted; count += 1)
    await client.create(pods, { ...template, metadata: { ...template.metadata, generateName: `${app}-` } });
}

function unlessGone(error: unknown): void {
  if (!isStatus(error, 404)) throw error;
}
