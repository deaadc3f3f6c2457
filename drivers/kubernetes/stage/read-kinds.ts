import { SwitchbackFailure } from '../../../core/model/failure';
import { isStatus } from '../client/kube-error';
import { atSite, type SiteCluster } from '../cluster';
import type { KubeObject } from '../kube-object';
import { isOfSwitchback } from './ownership';
import { refusalOf } from './refusal';
import type { StagedKind } from './staged-kind';
import { builtInStaged, customStaged } from './staged-kinds';
import type { KindObjects, Staging } from './staging';

/** Every kind that is to be staged and that can be read at both sites; what cannot be is in the record. */
export async function readKinds(staging: Staging): Promise<readonly KindObjects[]> {
  const { policy } = staging.request;
  const custom = await Promise.all(policy.customResources.map(async (one) => customKind(staging, one)));
  const kinds = [...policy.kinds.map(builtInStaged), ...custom.flatMap((kind) => kind ?? [])];
  const read: KindObjects[] = [];
  // One after the other: together the lists of a large namespace would need much memory at once.
  for (const kind of kinds) {
    const [source, target] = [await listOf(staging, staging.source, kind), await listOf(staging, staging.target, kind)];
    if (source !== undefined && target !== undefined) read.push({ kind, source, target });
  }
  return read;
}

/** The objects of the application; undefined: they cannot be read, and the record says why. */
export async function listOf(
  { request, record }: Staging,
  cluster: SiteCluster,
  kind: StagedKind,
): Promise<readonly KubeObject[] | undefined> {
  try {
    const all = await cluster.list<KubeObject>(kind.apiVersion, kind.plural);
    const isExcepted = ({ metadata: { name } }: KubeObject): boolean =>
      request.policy.except.some((one) => one.kind === kind.kind && one.name === name);
    return all.filter((object) => !isOfSwitchback(object) && !kind.isOfCluster?.(object) && !isExcepted(object));
  } catch (error) {
    if (isStatus(error, 404)) {
      record.trouble(kind.kind, `site "${cluster.site.name}" has no kind ${kind.apiVersion} ${kind.kind}`);
      return undefined;
    }
    const refusal = refusalOf(error, cluster, kind);
    if (refusal === undefined || refusal.kind === 'changed') return failAt(cluster, error);
    record.trouble(kind.kind, refusal.because);
    return undefined;
  }
}

/** Ends the call with what the site answered, in the words of the port. */
export const failAt = async (cluster: SiteCluster, error: unknown): Promise<never> =>
  atSite(cluster, async () => Promise.reject(error as Error));

async function customKind(
  { source, record }: Staging,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): Promise<StagedKind | undefined> {
  try {
    const { resources } = await atSite(source, async () =>
      source.client.get<{ resources: readonly { name: string; kind: string; namespaced: boolean }[] }>(
        apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`,
      ),
    );
    const found = resources.find((one) => one.kind === kind && one.namespaced && !one.name.includes('/'));
    if (found !== undefined) return customStaged(apiVersion, kind, found.name);
  } catch (error) {
    if (!(error instanceof SwitchbackFailure) || error.code !== 'RequestRefused') throw error;
  }
  record.trouble(kind, `site "${source.site.name}" has no kind ${apiVersion} ${kind} of objects in namespaces`);
  return undefined;
}
