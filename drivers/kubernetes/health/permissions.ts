import type { CustomKind, HealthFinding } from '../../../core/model/site';
import type { StagedKindName } from '../../../core/model/stage';
import type { SiteCluster } from '../cluster';
import { pluralOf } from '../kinds/custom-kind';
import {
  neededForCustom,
  neededForDrills,
  neededForSnapshots,
  neededForStaging,
  neededForVolumes,
  neededPermissions,
  type Permission,
} from './needed-permissions';

interface Review {
  readonly status: { readonly allowed: boolean };
}

interface Asked {
  readonly name: string;
  readonly needed: readonly Permission[];
  /** In deploy/kubernetes. */
  readonly manifest: string;
}

export const permissions = async (cluster: SiteCluster): Promise<HealthFinding> =>
  ask(cluster, { name: 'permissions', needed: neededPermissions, manifest: 'worker-role.yaml' });

/** Looked at where a runbook holds drills. */
export const permissionsForDrills = async (cluster: SiteCluster): Promise<HealthFinding> =>
  ask(cluster, { name: 'permissions for drills', needed: neededForDrills, manifest: 'drill-role.yaml' });

/** Looked at where a site says what moves its volumes. */
export const permissionsForVolumes = async (cluster: SiteCluster): Promise<HealthFinding> =>
  ask(cluster, { name: 'permissions for volumes', needed: neededForVolumes, manifest: 'mover-role.yaml' });

/** Looked at where recovery points are snapshots. */
export const permissionsForSnapshots = async (cluster: SiteCluster): Promise<HealthFinding> =>
  ask(cluster, { name: 'permissions for snapshots', needed: neededForSnapshots, manifest: 'snapshot-role.yaml' });

/** Looked at where a runbook keeps a standby current: either site may be it. */
export const permissionsForStaging =
  (kinds: readonly StagedKindName[]) =>
  async (cluster: SiteCluster): Promise<HealthFinding> =>
    ask(cluster, { name: 'permissions for staging', needed: neededForStaging(kinds), manifest: 'stage-role.yaml' });

/** Looked at where a runbook names kinds that are not of Kubernetes itself. */
export const permissionsForCustomKinds =
  (kinds: readonly CustomKind[]) =>
  async (cluster: SiteCluster): Promise<HealthFinding> => {
    const name = 'permissions for custom kinds';
    const found = await Promise.all(kinds.map(async (one) => ({ ...one, plural: await pluralOf(cluster, one) })));
    const unknown = found.filter(({ plural }) => plural === undefined);
    if (unknown.length > 0) {
      const saw = `the cluster does not know ${unknown.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).join(', ')}`;
      return { name, ok: false, saw, fix: 'install its CustomResourceDefinition, or correct apiVersion and kind' };
    }
    const needed = found.flatMap(({ apiVersion, plural = '' }) =>
      neededForCustom(apiVersion.split('/')[0] ?? '', plural),
    );
    return ask(cluster, { name, needed, manifest: 'custom-role.yaml, with these kinds named in it,' });
  };

/** Asks the API server, verb by verb, whether the worker may do what it will have to. */
async function ask(cluster: SiteCluster, { name, needed, manifest }: Asked): Promise<HealthFinding> {
  const asked = needed.flatMap(({ verbs, ...rest }) => verbs.map((verb) => ({ ...rest, verb })));
  const answers = await Promise.all(asked.map(async (one) => ({ ...one, allowed: await isAllowed(cluster, one) })));
  const missing = answers
    .filter(({ allowed }) => !allowed)
    .map(({ verb, resource, group, name: one }) => `${verb} ${resource}${group && `.${group}`}${one ? ` ${one}` : ''}`);
  if (missing.length === 0) return { name, ok: true, saw: `all ${asked.length} that are needed` };
  return {
    name,
    ok: false,
    saw: `not allowed in namespace ${cluster.namespace}: ${missing.join(', ')}`,
    fix: `apply deploy/kubernetes/${manifest} in this namespace, bound to the user of the worker`,
  };
}

export async function isAllowed(
  cluster: SiteCluster,
  asked: Omit<Permission, 'verbs'> & { readonly verb: string },
): Promise<boolean> {
  const [resource, subresource] = asked.resource.split('/');
  const { namespace } = cluster;
  const resourceAttributes = { ...asked, resource, namespace, ...(subresource !== undefined && { subresource }) };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  return (await cluster.client.create<Review>(path, body)).status.allowed;
}
