import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import type { CheckSpec } from '../../core/model/check';
import type { WorkloadObservation } from '../../core/model/workload';
import { untilHealthy } from '../../core/running/until-healthy';
import { whileItStands } from '../../core/running/while-it-stands';
import { siteDrivers, type DriverSet } from '../../drivers/driver-set';
import type { CallContext } from '../../drivers/ports';
import type { StepRequest } from '../contract';
import { asFact, groupOf, siteOf, workloadOf, type StepBody, type StepOutcome } from './step-body';

interface Asked {
  readonly checks: readonly CheckSpec[];
  readonly context: CallContext;
}

/**
 * The workload runs with the epoch of the run, is whole, and every check of it passes as often in a row as it must. One that the start has
 * left switched off is as it should be, and nothing of it answers.
 */
export const checkHealth: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const workload = workloadOf(request);
  const [seen] = await siteDrivers(drivers, site).workload.inspect(site, groupOf(request), [workload], context);
  if (isLeftOff(seen, request.step.input.epoch))
    return { summary: `left off: ${seen?.saw ?? ''}`, facts: { checks: [] } };
  if (seen?.status !== 'running') {
    throw new SwitchbackFailure(
      'Unhealthy',
      `${workload.name} at "${site.name}" is ${seen?.status ?? 'unknown'}: ${seen?.saw ?? ''}`,
    );
  }
  return passWhole(drivers, request, { checks: request.step.input.checks ?? [], context });
};

/** A workload without checks has this long to be whole, as a check has by default. */
const wholeWithinSeconds = 60;

/** Every check of the workload of the step passes while the workload is whole. @throws SwitchbackFailure `Unhealthy` */
export async function passWhole(drivers: DriverSet, request: StepRequest, asked: Asked): Promise<StepOutcome> {
  const { checks, context } = asked;
  const site = siteOf(request);
  const workload = workloadOf(request);
  const { standing: driver } = siteDrivers(drivers, site);
  if (driver === undefined) return passAll(drivers, request, asked);
  const { volumes = [], step } = request;
  const about = { group: groupOf(request), site, workload, volumes, epoch: step.input.epoch ?? 0 };
  const { passed, standing } = await whileItStands(
    () => driver.standing(about, context),
    () => passAll(drivers, request, asked),
    {
      ...watchOf(context),
      title: `${workload.name} at "${site.name}"`,
      withinSeconds: Math.max(...checks.map(({ withinSeconds }) => withinSeconds), 0) || wholeWithinSeconds,
      tell: (doing) => context.progress({ doing: `${workload.name}: ${doing}` }),
    },
  );
  return { ...passed, summary: `${passed.summary}; ${standing.saw}` };
}

/** Nothing of it runs, and that is what the start with this epoch has left. */
export const isLeftOff = (
  seen: Pick<WorkloadObservation, 'status' | 'epoch' | 'switchedOff'> | undefined,
  epoch: number | undefined,
): boolean =>
  seen?.status === 'stopped' && seen.switchedOff !== undefined && epoch !== undefined && seen.epoch === epoch;

/** Every integrity check of the runbook passes at the new site. */
export const verifyData: StepBody = (drivers, request, context) =>
  passAll(drivers, request, { checks: request.step.input.checks ?? [], context });

/** Every check passes at the site of the step. @throws SwitchbackFailure `Unhealthy` */
async function passAll(drivers: DriverSet, request: StepRequest, { checks, context }: Asked): Promise<StepOutcome> {
  const passed = await Promise.all(checks.map((check) => pass(drivers, request, { check, context })));
  const seen = passed.map(({ last }) => asFact(last));
  const summary = passed.map(({ last }) => `${last.check}: ${last.saw}`).join('; ') || 'it runs; no checks declared';
  return { summary, facts: { checks: seen } };
}

function pass(drivers: DriverSet, request: StepRequest, asked: { check: CheckSpec; context: CallContext }) {
  const { check, context } = asked;
  const site = siteOf(request);
  const target = { group: groupOf(request), site, epoch: request.step.input.epoch ?? 0 };
  const driver = siteDrivers(drivers, site).check;
  return untilHealthy(check, (signal) => driver.probe(check, target, { ...context, signal }), {
    ...watchOf(context),
    progress: context.progress,
  });
}

const watchOf = ({ signal }: CallContext) => ({
  signal,
  sleep: async (ms: number, until: AbortSignal) => {
    await pause(ms, undefined, { signal: until });
  },
  now: () => performance.now(),
});
