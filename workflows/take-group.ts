import { ApplicationFailure } from '@temporalio/workflow';
import type { AcquireUpdate, Acquired } from '../activities/group-contract';
import { operationTraits } from '../core/model/operation';
import type { ProtectionState } from '../core/model/protection';
import { drillBegun, drillRefused } from '../core/running/drill-rules';
import { abandoned, effectivePhase, held, nextEpochs, wrongState } from '../core/running/protection-rules';
import { busy, notResumable } from './protection-refusals';
import type { StateCell } from './state-cell';

/**
 * Gives the group to the run that asks for it; asked again by the same run, it is given again.
 *
 * @throws ApplicationFailure `GroupBusy`, `WrongState`
 */
export function takeGroup(cell: StateCell, request: AcquireUpdate): Acquired {
  const { holder, resumeOf, deadHolder } = request;
  const known = cell.get();
  if (operationTraits[holder.operation].isolated) return beginDrill(cell, request);
  const holding = known.holder;
  if (holding?.runId === holder.runId) return acquired(known);
  if (holding !== undefined && holding.runId !== deadHolder?.runId) throw busy(known.group, holding);
  if (holding !== undefined)
    cell.change(abandoned(known, `${holding.workflowId} was ${deadHolder?.closedAs ?? 'closed'}`));
  const free = cell.get();
  const wrong = resumeOf ? notResumable(free, resumeOf) : wrongState(free, holder.operation);
  if (wrong !== undefined) throw ApplicationFailure.nonRetryable(wrong, 'WrongState');
  const given = resumeOf && !request.anew ? free.incomplete?.epochs : undefined;
  const next = { ...holder, ...(resumeOf && { continues: true as const }) };
  cell.change(held(free, next, given ?? nextEpochs(free, holder.operation)));
  return { ...acquired(cell.get()), ...(holding && { tookOverFrom: holding.workflowId }) };
}

/** Operations go before drills: they hold one up, and are held up by none. */
function beginDrill(cell: StateCell, { holder, deadHolder }: AcquireUpdate): Acquired {
  const known = cell.get();
  const [running, refusal] = [known.drill, drillRefused(known) ?? wrongState(known, holder.operation)];
  if (running?.runId !== holder.runId) {
    if (refusal !== undefined) {
      throw ApplicationFailure.nonRetryable(refusal, known.holder ? 'GroupBusy' : 'WrongState', known.holder);
    }
    if (running !== undefined && running.runId !== deadHolder?.runId) throw busy(known.group, running);
    cell.change(drillBegun(known, holder, deadHolder?.closedAs));
  }
  return { state: cell.get(), before: effectivePhase(known), epochs: nextEpochs(known, holder.operation) };
}

function acquired(known: ProtectionState): Acquired {
  if (known.handed === undefined) throw new Error('the holder has no epochs');
  return { state: known, before: known.lastProven ?? effectivePhase(known), epochs: known.handed };
}
