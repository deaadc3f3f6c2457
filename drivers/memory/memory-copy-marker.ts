import { isCopy, runOf } from '../../core/model/drill';
import { SwitchbackFailure } from '../../core/model/failure';
import type { SiteSpec } from '../../core/model/site';
import type { Mutation } from '../ports';
import { type MemoryCore, reachableSite } from './memory-call';
import { seenGroup } from './memory-state';

/** Of a group that is no copy nothing is asked. */
export function assertCopyOpen(core: MemoryCore, site: SiteSpec, mutation: Mutation): void {
  const { group, operationKey } = mutation;
  if (!isCopy(group) || seenGroup(reachableSite(core, site), group).copyRun === runOf(operationKey)) return;
  const message = `${operationKey} may change nothing of the copy "${group}" at site "${site.name}": it is not prepared for that run`;
  throw new SwitchbackFailure('StaleAttempt', message, { group });
}
