import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type {
  AcquireUpdate,
  Acquired,
  CommitUpdate,
  NoteDrillRequest,
  NoteStagedRequest,
  ReleaseRequest,
  ReplicationUpdate,
} from '../activities/group-contract';
import type { NoteInstancesRequest } from '../activities/instances-contract';
import { groupUpdates, queries } from '../core/model/names';
import type { ProtectionState } from '../core/model/protection';
import type { ReplaceRequest } from '../core/running/imported-state';

export const stateQuery = defineQuery<ProtectionState | null>(queries.state);
export const acquireUpdate = defineUpdate<Acquired, [AcquireUpdate]>(groupUpdates.acquire);
export const releaseUpdate = defineUpdate<string, [ReleaseRequest]>(groupUpdates.release);
export const commitUpdate = defineUpdate<string, [CommitUpdate]>(groupUpdates.commit);
export const pauseReplicationUpdate = defineUpdate<string, [ReplicationUpdate]>(groupUpdates.pauseReplication);
export const resumeReplicationUpdate = defineUpdate<string, [ReplicationUpdate]>(groupUpdates.resumeReplication);
export const attestationUpdate = defineUpdate<string, [NoteDrillRequest]>(groupUpdates.attestation);
export const replaceUpdate = defineUpdate<string, [ReplaceRequest]>(groupUpdates.replace);
export const stagedUpdate = defineUpdate<string, [NoteStagedRequest]>(groupUpdates.staged);
export const instancesUpdate = defineUpdate<string, [NoteInstancesRequest]>(groupUpdates.instances);
