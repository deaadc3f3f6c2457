import { isCopy } from '../../core/model/drill';
import { SwitchbackFailure } from '../../core/model/failure';
import type { KubernetesSite, SiteSpec } from '../../core/model/site';
import { Credentials } from './client/credentials';
import { KubeClient } from './client/kube-client';
import { KubeError, NoAnswer } from './client/kube-error';
import { copyNamespaceName } from './copies/copy-name';
import type { KubeList, KubeObject, Pod } from './kube-object';
import { BatchedRead } from './reading/batched-read';
import { NamedReads } from './reading/named-reads';
import { ResourceWatch } from './reading/resource-watch';

/** Begins every message of the admission policy in deploy/kubernetes/fence-policy.yaml. */
export const policyMark = 'switchback-fence:';

/** The namespace of one site, or that of a copy there: its API server, and what all calls about it share. */
export class SiteCluster {
  readonly client: KubeClient;
  readonly #watches = new Map<string, ResourceWatch<KubeObject>>();
  readonly #reads = new Map<string, BatchedRead<unknown>>();
  readonly #named = new Map<string, NamedReads>();

  constructor(
    readonly site: KubernetesSite,
    readonly namespace: string,
    kubeconfigFolder: string,
  ) {
    this.client = new KubeClient(new Credentials(site, kubeconfigFolder));
  }

  /** "/apis/apps/v1/namespaces/shop/deployments"; with a name, the object. */
  path(apiVersion: string, plural: string, name?: string): string {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const object = name === undefined ? '' : `/${encodeURIComponent(name)}`;
    return `${root}/namespaces/${encodeURIComponent(this.namespace)}/${plural}${object}`;
  }

  /** The one watch of a kind in this namespace. */
  watch<Item extends KubeObject>(apiVersion: string, plural: string): ResourceWatch<Item> {
    const path = this.path(apiVersion, plural);
    const known = this.#watches.get(path) ?? new ResourceWatch<KubeObject>(this.client, path);
    this.#watches.set(path, known);
    return known as unknown as ResourceWatch<Item>;
  }

  get pods(): ResourceWatch<Pod> {
    return this.watch<Pod>('v1', 'pods');
  }

  /** Everything of a kind in this namespace, as of a moment after the call; callers at the same time share a request. */
  async list<Item extends KubeObject>(apiVersion: string, plural: string): Promise<readonly Item[]> {
    const path = this.path(apiVersion, plural);
    const { items } = await this.shared(path, () => this.client.get<KubeList<Item>>(path));
    return items;
  }

  /** One object, as of a moment after the call; undefined: there is none. Many that are asked for together are read as a list. */
  async find<Item extends KubeObject>(apiVersion: string, plural: string, name: string): Promise<Item | undefined> {
    const path = this.path(apiVersion, plural);
    const read = this.#named.get(path) ?? new NamedReads(this.client, path);
    this.#named.set(path, read);
    return (await read.find(name)) as Item | undefined;
  }

  /** One request for all who ask at the same time, sent after they have asked. */
  async shared<Result>(key: string, load: () => Promise<Result>): Promise<Result> {
    const read = this.#reads.get(key) ?? new BatchedRead<unknown>(load);
    this.#reads.set(key, read);
    return read.fresh() as Promise<Result>;
  }

  close(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.client.close();
  }
}

/** Sites by their coordinates: what a runbook calls them plays no part. */
export class SiteClusters {
  readonly #clusters = new Map<string, SiteCluster>();

  constructor(private readonly kubeconfigFolder: string) {}

  /** Where a group lives at the site; of the copy of a drill its own namespace. */
  of(spec: SiteSpec, group?: string): SiteCluster {
    const site = kubernetesSite(spec);
    const own = site.kubernetes.namespace;
    const namespace = group !== undefined && isCopy(group) ? copyNamespaceName(own, group) : own;
    const key = JSON.stringify([site.name, site.kubernetes, namespace]);
    const known = this.#clusters.get(key) ?? new SiteCluster(site, namespace, this.kubeconfigFolder);
    this.#clusters.set(key, known);
    return known;
  }

  close(): void {
    for (const cluster of this.#clusters.values()) cluster.close();
  }
}

/** @throws SwitchbackFailure `DriverMissing` */
export function kubernetesSite(site: SiteSpec): KubernetesSite {
  if (site.driver === 'kubernetes') return site;
  const message = `site "${site.name}" is of driver "${site.driver}"; this one serves sites of driver "kubernetes"`;
  throw new SwitchbackFailure('DriverMissing', message, { site: site.name });
}

/** Runs work that needs the site, and says what its API server answered in the words of the port. */
export async function atSite<Result>({ site }: SiteCluster, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asFailure(site, error);
  }
}

function asFailure(site: KubernetesSite, error: unknown): unknown {
  const details = { site: site.name };
  if (error instanceof NoAnswer) {
    return new SwitchbackFailure('SiteUnreachable', `site "${site.name}" does not answer: ${error.message}`, details);
  }
  if (!(error instanceof KubeError)) return error;
  if (error.message.includes(policyMark)) {
    const said = error.message.slice(error.message.indexOf(policyMark) + policyMark.length).trim();
    return new SwitchbackFailure('Fenced', `site "${site.name}" is fenced: ${said}`, details);
  }
  const answer = `site "${site.name}" answered ${error.status} ${error.reason}: ${error.message}`;
  if (error.status === 429 || error.status >= 500) return new SwitchbackFailure('SiteUnreachable', answer, details);
  return new SwitchbackFailure('RequestRefused', answer, details);
}
