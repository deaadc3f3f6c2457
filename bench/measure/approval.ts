import { withLab, type Lab } from '../lab/lab';
import { endOf, startRun, untilRun } from './run';
import { median } from './median';

const gatesPerRun = 20;

/** Median of 40 approvals, in milliseconds, from sending `decide` to its answer, one after the other. */
export function measureApproval(): Promise<number> {
  const shape = { group: 'gates', priorities: 1, workloadsPerGroup: 1, approvals: gatesPerRun };
  return withLab({ ...shape, stepMs: 0, plan: 'compiled' }, async (lab) =>
    median([...(await approveAll(lab, 'failover')), ...(await approveAll(lab, 'reprotect'))]),
  );
}

async function approveAll(lab: Lab, operation: 'failover' | 'reprotect'): Promise<readonly number[]> {
  const handle = await startRun(lab, operation);
  const times: number[] = [];
  for (let gate = 0; gate < gatesPerRun; gate += 1) {
    const name = `gate-${gate}`;
    await untilRun(handle, ({ waitingFor }) => waitingFor.some((waiting) => waiting.name === name));
    const begun = performance.now();
    await handle.executeUpdate('decide', { args: [{ gate: name, by: 'ana@example.com', decision: 'approve' }] });
    times.push(performance.now() - begun);
  }
  await endOf(lab, handle);
  return times;
}
