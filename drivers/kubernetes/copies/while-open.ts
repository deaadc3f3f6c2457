import { isCopy, runOf } from '../../../core/model/drill';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { Mutation } from '../../ports';
import type { SiteCluster } from '../cluster';
import { readFence } from '../fence/fence-record';
import type { KubeObject } from '../kube-object';
import { copyLabel, readCopy } from './copy-namespace';

/**
 * Changes something of a group: of the copy of a drill only while it is open for the run. What fails because the copy is being
 * removed is a late attempt, whatever it looked like.
 *
 * @throws SwitchbackFailure `StaleAttempt`
 */
export async function whileOpen<Result>(
  cluster: SiteCluster,
  mutation: Mutation,
  change: () => Promise<Result>,
): Promise<Result> {
  if (!isCopy(mutation.group)) return change();
  await assertCopyOpen(cluster, mutation);
  try {
    const changed = await change();
    await assertCopyOpen(cluster, mutation);
    return changed;
  } catch (error) {
    await assertCopyOpen(cluster, mutation);
    throw error;
  }
}

/**
 * An object that changes has a resource version of its own, so that a late attempt cannot change what was made anew in its
 * place; when it reads that, it meets the label of another run.
 */
export function assertOfRun({ metadata }: KubeObject, { group, operationKey }: Mutation): void {
  if (!isCopy(group)) return;
  const run = metadata.labels?.[copyLabel.run];
  if (run !== runOf(operationKey)) throw stale({ group, operationKey }, `it is that of run ${run ?? 'unknown'}`);
}

async function assertCopyOpen(cluster: SiteCluster, mutation: Mutation): Promise<void> {
  const found = await readCopy(cluster, mutation.group);
  if (found === undefined) throw stale(mutation, 'it was removed, or never prepared');
  if (found.terminating) throw stale(mutation, 'it is being removed');
  if (found.run !== runOf(mutation.operationKey)) throw stale(mutation, `it is that of run ${found.run ?? 'unknown'}`);
  // The fence is the last thing that is made, and the first that is closed.
  const fence = await readFence(cluster, mutation.group);
  if (fence.run !== runOf(mutation.operationKey)) throw stale(mutation, 'it is not prepared, or being removed');
}

function stale({ group, operationKey }: Pick<Mutation, 'group' | 'operationKey'>, because: string): SwitchbackFailure {
  const message = `${operationKey} may change nothing of the copy "${group}": ${because}`;
  return new SwitchbackFailure('StaleAttempt', message, { group });
}
