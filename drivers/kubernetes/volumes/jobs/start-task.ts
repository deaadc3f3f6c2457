import type { CallContext } from '../../../ports';
import { isStatus } from '../../client/kube-error';
import type { KubeObject } from '../../kube-object';
import { nodeOf } from '../claim-users';
import { labelsOf, readClaim, volumeLabel } from '../volume-place';
import { makeClaimOf } from './made-claim';
import { isHeldBack, jobName, moverJob, type MoverTask } from './mover-job';

export interface MoverJob extends KubeObject {
  readonly spec: { readonly suspend?: boolean };
  readonly status?: {
    readonly failed?: number;
    readonly succeeded?: number;
    readonly conditions?: readonly { readonly reason?: string }[];
  };
}

export const isStillToEnd = ({ status: { failed = 0, succeeded = 0 } = {} }: MoverJob): boolean =>
  failed === 0 && succeeded === 0;

const jobPath = ({ place: { cluster }, ...task }: MoverTask): string => cluster.path('batch/v1', 'jobs', jobName(task));

/** Undefined: there is none. */
export async function readJob(task: Pick<MoverTask, 'place' | 'pass' | 'script'>): Promise<MoverJob | undefined> {
  const { cluster } = task.place;
  try {
    return await cluster.client.get<MoverJob>(cluster.path('batch/v1', 'jobs', jobName(task)));
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/**
 * Makes the Job, for the node where its claims are mounted; what has to be there before its pod suspended, then the Secret, the
 * claims that are made of snapshots, and `more` that belongs to the Job: all of it goes with the Job, also when this worker dies.
 * Only then the Job may begin.
 */
export async function startTask(task: MoverTask, { keys, context, more }: StartOptions): Promise<MoverJob> {
  const { cluster } = task.place;
  const { signal } = context;
  const there = task.mounts.filter(({ madeOf }) => madeOf === undefined);
  const claims = await Promise.all(there.map(async ({ claim }) => readClaim({ ...task.place, claim })));
  const body = moverJob(task, await nodeOf(cluster, claims));
  // Not given up half-way: what was cancelled is removed, and a Job that came to be after that would stay.
  const job = await cluster.client.create<MoverJob>(cluster.path('batch/v1', 'jobs'), body);
  signal.throwIfAborted();
  if (!isHeldBack(task)) return job;
  const metadata = belongingTo(task, job);
  const secret = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, stringData: keys };
  await Promise.all([
    keys && cluster.client.create(cluster.path('v1', 'secrets'), secret, signal),
    more?.(metadata),
    ...task.mounts.map(
      async ({ claim, madeOf }) =>
        madeOf && makeClaimOf(madeOf, { place: task.place, metadata: { ...metadata, name: claim } }, context),
    ),
  ]);
  return cluster.client.patch<MoverJob>(jobPath(task), { spec: { suspend: false } }, signal);
}

interface StartOptions {
  readonly keys?: Readonly<Record<string, string>>;
  readonly context: Pick<CallContext, 'signal' | 'progress'>;
  /** Makes another object with this metadata. */
  readonly more?: (metadata: object) => Promise<unknown>;
}

function belongingTo(task: MoverTask, { metadata: { name, uid } }: MoverJob): object {
  const labels = { ...labelsOf(task.place), [volumeLabel.pass]: task.pass };
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true, blockOwnerDeletion: false };
  return { name: jobName(task), labels, ownerReferences: [owner] };
}
