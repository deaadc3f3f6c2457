import { setTimeout as pause } from 'node:timers/promises';
import { withLab, type Lab } from '../lab/lab';
import { makespanSeconds } from './makespan';
import { endOf, startRun, untilRun } from './run';

/** Moments after the start of the first step: the second step, a border between two, the third step. */
const momentsMs = [2_200, 3_000, 3_800];
const stepMs = 1_500;

export interface CrashCost {
  /** The worst of the crashes: what the run took longer than one without. */
  readonly workerKillSeconds: number;
  readonly serverKillSeconds: number;
}

/** What a SIGKILL in the middle of 10 workloads x 4 steps of 1.5 s costs, worker or server being started again at once. */
export async function measureCrashes(): Promise<CrashCost> {
  const undisturbed = await secondsWith(async () => undefined);
  const cost = async (crash: (lab: Lab) => Promise<void>): Promise<number> => {
    let worst = -Infinity;
    for (const moment of momentsMs) {
      const seconds = await secondsWith(async (lab) => {
        await pause(moment);
        await crash(lab);
      });
      worst = Math.max(worst, seconds - undisturbed);
    }
    return worst;
  };
  return {
    workerKillSeconds: await cost((lab) => lab.crashWorker()),
    serverKillSeconds: await cost((lab) => lab.crashServer()),
  };
}

function secondsWith(disturb: (lab: Lab) => Promise<void>): Promise<number> {
  const shape = { group: 'crash', priorities: 1, workloadsPerGroup: 10 };
  return withLab({ ...shape, stepMs, plan: 'four-steps', keepSites: true }, async (lab) => {
    const handle = await startRun(lab, 'failover');
    await untilRun(handle, ({ steps }) => steps.some(({ status }) => status === 'running'));
    await disturb(lab);
    return makespanSeconds(await endOf(lab, handle));
  });
}
