import { SwitchbackFailure } from '../../../core/model/failure';
import type { CustomKind } from '../../../core/model/site';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import type { KubeObject, WorkloadObject } from '../kube-object';
import { countOf } from './kinds';
import { parseSelector } from './label-selector';
import type { WorkloadKind } from './workload-kind';

/** The parts of a CustomResourceDefinition that are looked at; paths are written as ".spec.replicas". */
interface Definition extends KubeObject {
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly subresources?: {
        readonly scale?: { readonly specReplicasPath: string; readonly labelSelectorPath?: string };
      };
    }[];
  };
}

/** Names in the path to the replicas, `spec` among them: the fence policy follows no longer ones. */
const deepest = 3;

/** "rollouts", of a kind that is not built in; undefined: the API server does not serve it. */
export async function pluralOf(cluster: SiteCluster, { apiVersion, kind }: CustomKind): Promise<string | undefined> {
  const path = `/apis/${apiVersion}`;
  const { resources } = await cluster
    .shared(path, async () =>
      cluster.client.get<{ resources: readonly { readonly name: string; readonly kind: string }[] }>(path),
    )
    .catch((error: unknown) => {
      if (isStatus(error, 404)) return { resources: [] };
      throw error;
    });
  return resources.find((one) => one.kind === kind && !one.name.includes('/'))?.name;
}

/**
 * A kind of which nothing is known but the scale subresource that its CustomResourceDefinition declares.
 *
 * @throws SwitchbackFailure `RequestRefused` when there is none, or one whose replicas lie too deep
 */
export async function customKind(cluster: SiteCluster, custom: CustomKind): Promise<WorkloadKind> {
  const { apiVersion, kind } = custom;
  const plural = await pluralOf(cluster, custom);
  const scale = plural === undefined ? undefined : await declaredScale(cluster, plural, apiVersion);
  if (plural === undefined || scale === undefined) {
    throw refused(cluster, `has no kind ${apiVersion} ${kind} with a scale subresource`);
  }
  const replicasAt = scale.specReplicasPath.slice(1);
  const path = replicasAt.split('.');
  if (path.length > deepest) {
    throw refused(
      cluster,
      `keeps the replicas of ${apiVersion} ${kind} in ${replicasAt}, deeper than a fence can look`,
    );
  }
  const selectorAt = scale.labelSelectorPath?.slice(1).split('.') ?? [];
  // Controllers take an object without a number for one of one instance.
  const wanted = (object: WorkloadObject): number => numberAt(object, path) ?? 1;
  const spec = (replicas: number): object =>
    path.slice(1).reduceRight<unknown>((value, name) => ({ [name]: value }), replicas) as object;
  return {
    apiVersion,
    kind,
    plural,
    wanted,
    original: (object) => String(wanted(object)),
    stopped: () => spec(0),
    started: (original) => spec(countOf(original)),
    readiness: () => ({ kind: 'ready', saw: 'its pods are Ready' }),
    scale: {
      replicasAt,
      selector: (object) => {
        const written = valueAt(object, selectorAt);
        return typeof written === 'string' && written !== '' ? parseSelector(written) : undefined;
      },
    },
  };
}

async function declaredScale(cluster: SiteCluster, plural: string, apiVersion: string) {
  const [group, version] = apiVersion.split('/');
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.${group}`;
  const definition = await cluster
    .shared(path, async () => cluster.client.get<Definition>(path))
    .catch((error: unknown) => {
      if (isStatus(error, 404)) return undefined;
      throw error;
    });
  return definition?.spec.versions.find(({ name }) => name === version)?.subresources?.scale;
}

function refused({ site }: SiteCluster, because: string): SwitchbackFailure {
  return new SwitchbackFailure('RequestRefused', `site "${site.name}" ${because}`, { site: site.name });
}

function numberAt(object: object, path: readonly string[]): number | undefined {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : undefined;
}

const valueAt = (object: object, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    object,
  );
