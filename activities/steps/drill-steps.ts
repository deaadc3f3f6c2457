import { SwitchbackFailure } from '../../core/model/failure';
import { siteDrivers } from '../../drivers/driver-set';
import { asFact, mutationOf, siteOf, volumeOf, type StepBody } from './step-body';

export const prepareDrill: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const { removed } = await siteDrivers(drivers, site).workload.prepareCopy(site, mutationOf(request), context);
  return { summary: removed.length === 0 ? 'nothing was left' : `removed ${removed.join(', ')}`, facts: { removed } };
};

export const copyForDrill: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const volume = volumeOf(request);
  const { point = 'latest' } = request.step.input;
  const from = request.run.group;
  const copy = await siteDrivers(drivers, site)
    .replication.copy({ ...mutationOf(request), volume, site, from, point }, context)
    .catch((error: unknown) => {
      throw point === 'latest' ? error : thinnedSince(error);
    });
  return {
    summary: `${copy.files} files, ${copy.bytes} bytes, as of ${copy.asOf ?? 'unknown'}`,
    facts: { copy: asFact(copy), point },
  };
};

/** The point was there when the drill was planned; while its gates waited, the retention policy may have removed it. */
function thinnedSince(error: unknown): unknown {
  if (!(error instanceof SwitchbackFailure) || error.code !== 'RecoveryPointMissing') return error;
  const fix =
    'It was chosen when the drill was planned, and may have been thinned since, while gates were waited for: start the drill anew';
  return new SwitchbackFailure('RecoveryPointMissing', `${error.message}. ${fix}`, error.details);
}

export const removeDrill: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const { removed } = await siteDrivers(drivers, site).workload.removeCopy(site, mutationOf(request), context);
  return { summary: removed.length === 0 ? 'nothing was there' : `removed ${removed.join(', ')}`, facts: { removed } };
};
