import { isStatus } from '../client/kube-error';
import { quantity } from '../health/quantity';
import { sshPort } from './pass/serve';
import { type Claim, labelsOf, volumeLabel, type VolumePlace } from './volume-place';

/** A claim of the same class and for the same use, of so many bytes; `dataSource`: what it is filled from. */
export function claimLike({ spec }: Claim, metadata: object, bytes: number, dataSource?: object): object {
  const { storageClassName, accessModes, volumeMode } = spec;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: {
      accessModes,
      resources: { requests: { storage: String(Math.ceil(bytes)) } },
      ...(storageClassName !== undefined && { storageClassName }),
      ...(volumeMode !== undefined && { volumeMode }),
      ...(dataSource !== undefined && { dataSource }),
    },
  };
}

/** What the volume behind a claim holds, or was asked to hold. */
export const sizeOf = ({ status, spec }: Claim): number =>
  quantity(status?.capacity?.storage ?? spec.resources?.requests?.storage ?? '1Gi');

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

/** Another attempt may have made it. */
export async function unlessThere(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!isStatus(error, 409)) throw error;
  });
}
