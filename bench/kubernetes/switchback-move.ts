import path from 'node:path';
import type { RunEvent } from '../../core/model/run';
import type { Installation } from '../lab/installation';
import { endOf, startRun } from '../measure/run';
import { countRequests } from './api-requests';
import { clusterNames, type BenchClusters } from './bench-clusters';
import { untilSettled, type Fleet } from './fleet';
import { observeReady } from './ready-observer';

/** The program of the product's own worker. */
export const workerProgram = path.join(__dirname, '../../workers/main.ts');

/** One failover or failback of a fleet, as its run has recorded it. */
export interface Move {
  /**
   * From the scheduling of the first stop until the run knows that the last start is done: all are stopped and proven so, the old
   * site is fenced, and all pods are Ready at the new one. The work that the floor does.
   */
  readonly moveSeconds: number;
  /** Of these, until all were proven stopped. */
  readonly stopSeconds: number;
  /** From the request to start the run until its verdict: with prechecks, plan, health checks and commit. */
  readonly runSeconds: number;
}

type Direction = 'failover' | 'failback';

/** Moves a fleet to the other site with everything that the product does, and measures nothing besides. */
export async function moveBySwitchback(
  { clusters }: BenchClusters,
  installation: Installation,
  { fleet, direction }: { readonly fleet: Fleet; readonly direction: Direction },
): Promise<Move> {
  const from = direction === 'failover' ? clusterNames.primary : clusterNames.recovery;
  await untilSettled(clusters[from].client, fleet);
  const began = performance.now();
  const events = await endOf(installation, await startRun(installation, direction, fleet.namespace));
  return { ...movedIn(events), runSeconds: (performance.now() - began) / 1000 };
}

/** What must be done before a group can fail back. */
export async function reprotect(installation: Installation, { namespace }: Fleet): Promise<void> {
  await endOf(installation, await startRun(installation, 'reprotect', namespace));
}

/** How many requests the worker has sent to the API servers of both clusters meanwhile. */
export async function requestsDuring(bench: BenchClusters, work: () => Promise<unknown>): Promise<number> {
  const before = await countRequests(bench);
  await work();
  return (await countRequests(bench)).byWorker - before.byWorker;
}

/** Of a failback, for each workload: from the event with which its last pod became Ready to the end of its step, in ms. */
export async function lagsOfFailback(
  { clusters }: BenchClusters,
  installation: Installation,
  fleet: Fleet,
): Promise<readonly number[]> {
  const observer = await observeReady(clusters[clusterNames.primary].client, fleet);
  try {
    const events = await endOf(installation, await startRun(installation, 'failback', fleet.namespace));
    return doneSteps(events, 'start-workload').map(({ step, result }) => {
      const workload = step.slice('start-workload/'.length).split('@')[0] ?? '';
      const ready = observer.readyAt.get(workload);
      if (ready === undefined) throw new Error(`${workload} was never seen Ready`);
      return Date.parse(result.finishedAt) - ready;
    });
  } finally {
    await observer.stop();
  }
}

const doneSteps = (events: readonly RunEvent[], kind: string) =>
  events.flatMap((event) => (event.kind === 'step-done' && event.step.startsWith(`${kind}/`) ? [event] : []));

/** By the workflow's own clock. */
export function movedIn(events: readonly RunEvent[]): Pick<Move, 'moveSeconds' | 'stopSeconds'> {
  const stops = events.filter((event) => event.kind === 'step-scheduled' && event.step.startsWith('stop-workload/'));
  const began = Math.min(...stops.map(({ at }) => Date.parse(at)));
  const lastOf = (kind: string): number => Math.max(...doneSteps(events, kind).map(({ at }) => Date.parse(at)));
  return {
    moveSeconds: (lastOf('start-workload') - began) / 1000,
    stopSeconds: (lastOf('stop-workload') - began) / 1000,
  };
}
