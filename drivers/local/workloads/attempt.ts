import { SwitchbackFailure } from '../../../core/model/failure';
import type { LocalProcess, WorkloadSpec } from '../../../core/model/workload';
import type { CallContext, Mutation } from '../../ports';
import { appendToJournal } from '../journal';
import { instanceJournalFile, type InstanceEntry, type InstancePlace } from './instance';

/** One call of `start` or `stop`: what it is about, and on whose behalf. */
export interface Attempt {
  readonly place: InstancePlace;
  readonly spec: WorkloadSpec;
  readonly local: LocalProcess;
  readonly mutation: Mutation;
  readonly context: CallContext;
}

type Unstamped<T> = T extends InstanceEntry ? Omit<T, 'at' | 'epoch' | 'operationKey'> : never;

/** Records what this attempt is about to do or has seen. False: somebody else's record came first; look again. */
export async function record(attempt: Attempt, entry: Unstamped<InstanceEntry>, after: number): Promise<boolean> {
  const { epoch, operationKey } = attempt.mutation;
  const stamped = { ...entry, epoch, operationKey, at: new Date().toISOString() };
  return appendToJournal(instanceJournalFile(attempt.place), stamped, after);
}

/** "ledger" at site "paris". */
export function title({ place }: Pick<Attempt, 'place'>): string {
  return `workload "${place.workload}" at site "${place.folder.site.name}"`;
}

export function staleEpoch(attempt: Attempt, found: number): SwitchbackFailure {
  const { epoch } = attempt.mutation;
  return new SwitchbackFailure('StaleEpoch', `${title(attempt)} is of epoch ${found}; the request carries ${epoch}`, {
    epoch,
    found,
  });
}
