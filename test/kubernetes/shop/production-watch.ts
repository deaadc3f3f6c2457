import type { KubeList, KubeObject } from '../../../drivers/kubernetes/kube-object';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { pathsOf } from './shop-objects';

interface Beginning {
  readonly path: string;
  readonly cluster: Cluster;
  readonly collection: string;
  readonly objects: Readonly<Record<string, unknown>>;
  /** Version of the whole collection. */
  readonly version: string;
}

/** The server tells what has happened since, and ends the watch then. */
const toldWithinSeconds = '2';

/** Whatever was done to the namespace of the application at the clusters since it began, also what was undone again. */
export class ProductionWatch {
  private constructor(private readonly beginnings: readonly Beginning[]) {}

  static async begin(clusters: readonly Cluster[], namespace: string): Promise<ProductionWatch> {
    const looks = clusters.flatMap((cluster) =>
      Object.entries(pathsOf(namespace)).map(async ([collection, path]) => {
        const { metadata, items } = await cluster.client.get<KubeList<KubeObject>>(path);
        return { path, cluster, collection, objects: seen(collection, items), version: metadata.resourceVersion };
      }),
    );
    return new ProductionWatch(await Promise.all(looks));
  }

  async expectUntouched(): Promise<void> {
    const changes = await Promise.all(
      this.beginnings.map(async ({ path, cluster, collection, objects, version }) => {
        const { items } = await cluster.client.get<KubeList<KubeObject>>(path);
        expect({ path, objects: seen(collection, items) }).toEqual({ path, objects });
        return collection === 'autoscalers' ? [] : changesSince(cluster, path, version);
      }),
    );
    expect(changes.flat()).toEqual([]);
  }
}

/** Autoscalers say in their status, again and again, that they have no figures of fake pods. */
const seen = (collection: string, items: readonly KubeObject[]): Beginning['objects'] =>
  Object.fromEntries(
    items.map((object) => {
      const { name, resourceVersion, uid, annotations } = object.metadata;
      const { spec } = object as { readonly spec?: unknown };
      return [name, collection === 'autoscalers' ? { uid, annotations, spec } : resourceVersion];
    }),
  );

async function changesSince({ client }: Cluster, path: string, resourceVersion: string): Promise<readonly string[]> {
  const changes: string[] = [];
  const query = { resourceVersion, timeoutSeconds: toldWithinSeconds };
  for await (const { type, object } of client.watch<KubeObject>(path, query, new AbortController().signal)) {
    changes.push(`${type} ${path}/${object.metadata.name}`);
  }
  return changes;
}
