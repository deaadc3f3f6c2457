import { SwitchbackFailure } from '../../core/model/failure';
import type { VerifiableKind } from '../../core/model/step-kinds';
import type { WorkloadObservation } from '../../core/model/workload';
import { siteDrivers, trafficDriver, type DriverSet } from '../../drivers/driver-set';
import { checksAt } from '../../core/planning/plan-context';
import type { CallContext } from '../../drivers/ports';
import type { StepRequest, Verification } from '../contract';
import { isLeftOff, passWhole } from './check-steps';
import { groupOf, recordOf, siteOf, volumeOf, workloadOf } from './step-body';
import { leadsTo, movesOf, seenAt } from './traffic-steps';

/** Looks whether a step is done, whoever did it. Changes nothing. */
type Look = (drivers: DriverSet, request: StepRequest, context: CallContext) => Promise<Verification>;

/** A person waits for the answer: a check that does not pass within this time has not passed, in seconds. */
const PATIENCE_SECONDS = 20;

const stopped: Look = async (drivers, request, context) => {
  const seen = await instance(drivers, request, context);
  return { done: seen.status === 'stopped', saw: `${seen.workload} at "${seen.site}" is ${seen.status}: ${seen.saw}` };
};

/** An instance of another epoch is not the one of this run: it would be fenced out, or write beside it. */
const started: Look = async (drivers, request, context) => {
  const seen = await instance(drivers, request, context);
  const { workload, site, status, epoch, saw } = seen;
  const wanted = request.step.input.epoch ?? 0;
  if (isLeftOff(seen, wanted)) return { done: true, saw };
  if (status !== 'running' || epoch !== wanted) {
    const what = `${workload} at "${site}" is ${status}, epoch ${epoch ?? 'unknown'}: ${saw}`;
    return { done: false, saw: `${what}; epoch ${wanted} must run` };
  }
  const checks = checksAt(request.step.input, workloadOf(request).checks).map((check) => ({
    ...check,
    withinSeconds: Math.min(check.withinSeconds, PATIENCE_SECONDS),
  }));
  const { summary } = await passWhole(drivers, request, { checks, context });
  return { done: true, saw: summary };
};

async function instance(drivers: DriverSet, request: StepRequest, context: CallContext): Promise<WorkloadObservation> {
  const site = siteOf(request);
  const workload = workloadOf(request);
  const [seen] = await siteDrivers(drivers, site).workload.inspect(site, groupOf(request), [workload], context);
  return seen ?? { workload: workload.name, site: site.name, status: 'unknown', replicas: 0, saw: 'nothing' };
}

/** Of a fence the exact epoch counts when it lets something write: a lower one would let the old side write as well. */
const fence =
  (wanted: 'fenced' | 'unfenced'): Look =>
  async (drivers, request, context) => {
    const site = siteOf(request);
    const { step } = request;
    const {
      fencing,
      epoch = -1,
      saw,
    } = await siteDrivers(drivers, site).workload.fencing(site, groupOf(request), context);
    const least = step.input.epoch ?? 0;
    const enough = wanted === 'fenced' ? epoch >= least : epoch === least;
    return { done: fencing === wanted && enough, saw: `"${site.name}" is ${fencing}: ${saw}` };
  };

const claimed: Look = async (drivers, request, context) => {
  const site = siteOf(request);
  const volume = volumeOf(request);
  const [seen] = await siteDrivers(drivers, site).replication.observe(site, groupOf(request), [volume], context);
  const saw = `${volume.name} at "${site.name}" is ${seen?.role ?? 'unknown'} with epoch ${seen?.epoch ?? 'unknown'}`;
  return { done: seen?.role === 'active' && seen.epoch === request.step.input.epoch, saw };
};

const seenByCustomers: Look = async (drivers, request, context) => {
  const looks = await Promise.all(
    movesOf(request).map(async ({ record, next }) => {
      const resolution = await trafficDriver(drivers, record).resolve(record, context);
      const saw = `${record.name} resolves to ${seenAt(resolution)}, expected ${next.join(', ')}`;
      return { done: leadsTo(resolution, next), saw };
    }),
  );
  return { done: looks.every(({ done }) => done), saw: looks.map(({ saw }) => saw).join('; ') };
};

const ttl: Look = async (drivers, request, context) => {
  const record = recordOf(request);
  const { ttlSeconds } = await trafficDriver(drivers, record).current(record, context);
  const { ttlSeconds: wanted = record.ttlSeconds } = request.step.input;
  return { done: ttlSeconds === wanted, saw: `the TTL of ${record.name} is ${ttlSeconds} s, expected ${wanted} s` };
};

const looks: Readonly<Record<VerifiableKind, Look>> = {
  'stop-workload': stopped,
  'start-workload': started,
  'fence-site': fence('fenced'),
  'unfence-site': fence('unfenced'),
  'claim-volume': claimed,
  'switch-traffic': seenByCustomers,
  'lower-ttl': ttl,
  'restore-ttl': ttl,
};

const isVerifiable = (kind: string): kind is VerifiableKind => Object.hasOwn(looks, kind);

/** What cannot be seen is an answer as well: then nothing is proven. @throws SwitchbackFailure `InvalidInput` for other kinds */
export const verifyStep: Look = async (drivers, request, context) => {
  const { kind } = request.step;
  if (!isVerifiable(kind)) throw new SwitchbackFailure('InvalidInput', `a step of kind "${kind}" cannot be verified`);
  try {
    return await looks[kind](drivers, request, context);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof SwitchbackFailure)) throw error;
    return { done: false, saw: `${error.code}: ${error.message}` };
  }
};
