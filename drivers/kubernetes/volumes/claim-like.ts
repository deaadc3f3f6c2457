import { isStatus } from '../client/kube-error';
import { quantity } from '../health/quantity';
import type { Claim } from './volume-place';

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

/** Another attempt may have made it. */
export async function unlessThere(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!isStatus(error, 409)) throw error;
  });
}
