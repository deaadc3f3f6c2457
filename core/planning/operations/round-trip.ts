import { peerRole } from '../../model/site';
import { syncAhead } from '../parts-before';
import { proveData, verifyData } from '../parts-data';
import { startWorkloads, stopWorkloads } from '../parts-move';
import { copyContext, type PlanContext } from '../plan-context';

/**
 * The way back, rehearsed on copies with the steps that production would take: the copy at the standby replicates to a second
 * one at the other site (reprotect), is stopped and fenced, its data is proven complete there, and everything starts there with
 * an epoch of its own (failback). Epochs and fences are those of the copies: the group knows nothing of them.
 */
export function returnCopy(drill: PlanContext): void {
  const context = wayBack(drill);
  const { build, runbook, from, to, names, epochs } = context;
  if (runbook.volumes.length > 0) {
    build.segment('data', `Replicate from ${names[from]} to ${names[to]}`);
    syncAhead(context, []);
    build.barrier();
  }
  const stops = stopWorkloads(context, runbook.workloads, { site: from, epoch: epochs.from });
  const data = proveData(context, Object.values(stops));
  startWorkloads(context, runbook.workloads, {
    site: to,
    epoch: epochs.to,
    needs: (workload) => [data.unfence, ...workload.volumes.flatMap((name) => data.claims[name] ?? [])],
  });
  verifyData(context);
}

/** What is stopped is stopped in the order of the operation that goes this way: drills declare no order of stops. */
function wayBack(drill: PlanContext): PlanContext {
  const { to: from, epochs, runbook, policy } = drill;
  const { stopOrder } = runbook.operations[from === 'recovery' ? 'failback' : 'failover'];
  const next = epochs.to + 1;
  return {
    ...copyContext(drill),
    from,
    to: peerRole(from),
    epochs: { from: epochs.to, to: next, rollback: next },
    policy: { ...policy, ...(stopOrder !== undefined && { stopOrder }) },
  };
}
