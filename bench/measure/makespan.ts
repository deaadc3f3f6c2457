import type { RunEvent } from '../../core/model/run';
import { peakRssMiB, rssMiB } from '../process-memory';
import { withLab, type Lab } from '../lab/lab';
import type { BenchShape } from '../plan/bench-runbook';
import { STEPS_PER_WORKLOAD } from '../plan/four-steps';
import { median } from './median';
import { endOf, startRun } from './run';

export interface Makespan {
  /** From the pinned plan to the end of the run, over the critical path of the plan. */
  readonly ratio: number;
  readonly seconds: number;
  /** Of the longest history of all workflows there were. */
  readonly maxHistoryEvents: number;
  readonly workerPeakMiB: number | null;
  /** Server and worker together, after the run; null where /proc is missing. */
  readonly footprintMiB: number | null;
}

interface MakespanShape extends BenchShape {
  readonly stepMs: number;
  /** Runs of the same shape one after the other, on one worker; the median counts. One, unless given. */
  readonly copies?: number;
}

/** Runs a plan of `priorities` x `workloadsPerGroup` x 4 steps of `stepMs` and measures what that took. */
export function measureMakespan(shape: MakespanShape): Promise<Makespan> {
  return withLab({ ...shape, plan: 'four-steps' }, async (lab) => {
    const spans: number[] = [];
    for (const group of lab.groups) {
      spans.push(makespanSeconds(await endOf(lab, await startRun(lab, 'failover', group))));
    }
    const seconds = median(spans);
    const [server, worker] = [lab.server().pid, lab.worker().pid];
    return {
      ratio: seconds / criticalPathSeconds(shape),
      seconds,
      maxHistoryEvents: await longestHistory(lab),
      workerPeakMiB: peakRssMiB(worker),
      footprintMiB: rssMiB([server, worker]),
    };
  });
}

/** The steps alone, without anything between them. */
export const criticalPathSeconds = ({
  priorities,
  stepMs,
}: {
  readonly priorities: number;
  readonly stepMs: number;
}): number => (priorities * STEPS_PER_WORKLOAD * stepMs) / 1000;

/** From the pinned plan to the end of the run, by the workflow's own clock. */
export function makespanSeconds(events: readonly RunEvent[]): number {
  const at = (kind: RunEvent['kind']): number => Date.parse(events.find((event) => event.kind === kind)?.at ?? '');
  return (at('run-finished') - at('plan-pinned')) / 1000;
}

async function longestHistory({ client }: Lab): Promise<number> {
  let longest = 0;
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { historyLength } = await client.workflow.getHandle(workflowId, runId).describe();
    longest = Math.max(longest, historyLength);
  }
  return longest;
}
