import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../../core/model/failure';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import { isAllowed } from '../health/permissions';

const rbac = 'rbac.authorization.k8s.io';

/** A ClusterRole of deploy/kubernetes/drill-role.yaml: what the worker may do within the namespace of a copy. */
const copyRole = 'switchback-drill';

/** API servers act by a new binding within milliseconds. */
const seenWithinMs = 5_000;

interface Review {
  readonly status: { readonly userInfo: { readonly username: string } };
}

/** A worker may do nothing in a namespace that was just made, except give itself what the administrator has laid down for copies. */
export async function takeRights(cluster: SiteCluster, signal: AbortSignal): Promise<void> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const { status } = await cluster.client.create<Review>('/apis/authentication.k8s.io/v1/selfsubjectreviews', review);
  const binding = {
    metadata: { name: 'switchback-worker' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: copyRole },
    subjects: [{ apiGroup: rbac, kind: 'User', name: status.userInfo.username }],
  };
  await cluster.client.create(cluster.path(`${rbac}/v1`, 'rolebindings'), binding, signal).catch((error: unknown) => {
    if (!isStatus(error, 409)) throw error;
  });
  const since = performance.now();
  while (!(await isAllowed(cluster, { group: '', resource: 'configmaps', verb: 'create' }))) {
    if (performance.now() - since > seenWithinMs) throw noRights(cluster);
    await pause(20, undefined, { signal });
  }
}

function noRights({ site, namespace }: SiteCluster): SwitchbackFailure {
  const message =
    `site "${site.name}" does not let the worker make a copy in namespace "${namespace}"; ` +
    'let an administrator run `kubectl apply -f deploy/kubernetes/drill-role.yaml`';
  return new SwitchbackFailure('RequestRefused', message, { site: site.name });
}
