/** Failures of moving volumes between Kubernetes clusters; rows of core/model/failure-codes.ts. */
export const volumeFailureCodes = {
  VolumeInUse: {
    retryable: false,
    meaning: 'A pod holds a volume that nobody may use now, and has not let go of it in time.',
    fix: 'End the pods that the message names, or find out what keeps them; then retry.',
  },
  ClaimMissing: {
    retryable: false,
    meaning: 'The PersistentVolumeClaim of a volume is not there.',
    fix: 'Make the claim that the message names, or let `stage:` of the runbook make it; then retry.',
  },
  MoverFailed: {
    retryable: true,
    meaning: 'The pods that copy a volume did not come up, or found no way to each other.',
    fix: 'Read what the message saw: image, node, quota, or the network between the sites; mend it, then retry.',
  },
  SnapshotFailed: {
    retryable: true,
    meaning: 'The storage of a Kubernetes cluster has not made a snapshot of a claim, or a claim of a snapshot.',
    fix: 'Read what the message saw: it is what the driver of the storage says. Mend it, or take `snapshotClass` out of the site; then retry.',
  },
} as const;
