import { claimLike, sizeOf, unlessThere } from './claim-like';
import { sshPort } from './pass/serve';
import { type Claim, labelsOf, volumeLabel, type VolumePlace } from './volume-place';

/**
 * Makes the claim of a volume in the copy of a drill as production has it: a StatefulSet of the copy finds it by its name and makes
 * none. Nothing gets out of a copy or into it but the pods that copy its volumes.
 */
export async function makeCopiedClaim(copy: VolumePlace, production: Claim, signal: AbortSignal): Promise<void> {
  const { cluster } = copy;
  const claim = claimLike(production, { name: copy.claim, labels: labelsOf(copy) }, sizeOf(production));
  await unlessThere(cluster.client.create(cluster.path('v1', 'persistentvolumeclaims'), claim, signal));
  await letMoversThrough(copy, signal);
}

export async function letMoversThrough(copy: VolumePlace, signal: AbortSignal): Promise<void> {
  const { cluster } = copy;
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'switchback-mover', labels: labelsOf(copy) },
    spec: {
      podSelector: { matchExpressions: [{ key: volumeLabel.mover, operator: 'Exists' }] },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: sshPort }] }],
      egress: [{}],
    },
  };
  await unlessThere(cluster.client.create(cluster.path('networking.k8s.io/v1', 'networkpolicies'), policy, signal));
}
