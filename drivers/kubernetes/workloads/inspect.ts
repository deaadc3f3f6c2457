import { SwitchbackFailure } from '../../../core/model/failure';
import type { WorkloadObservation, WorkloadSpec } from '../../../core/model/workload';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import { hasEnded, podFilter, podsOf } from '../kinds/pods-of';
import type { Pod } from '../kube-object';
import { indexed } from '../reading/object-index';
import { epochOf, isSwitchedOff, leftOffWith } from './annotations';
import { describeDeclared, findTargets } from './target';

type Seen = Pick<WorkloadObservation, 'status' | 'replicas' | 'wanted' | 'saw' | 'epoch' | 'switchedOff'>;

/**
 * Looks at one workload: its objects and their pods. What does not fit together, or what the API server does not let us see, is
 * `unknown`, never `stopped`.
 */
export async function inspectWorkload(cluster: SiteCluster, spec: WorkloadSpec): Promise<WorkloadObservation> {
  return { workload: spec.name, site: cluster.site.name, ...(await lookUnlessRefused(cluster, spec)) };
}

/** A site that refuses has answered: taken for one that is down, it would hide which right or kind is missing. */
async function lookUnlessRefused(cluster: SiteCluster, spec: WorkloadSpec): Promise<Seen> {
  try {
    return await look(cluster, spec);
  } catch (error) {
    const refused = error instanceof SwitchbackFailure ? error.code === 'RequestRefused' : isStatus(error, 403);
    if (!refused) throw error;
    return { status: 'unknown', replicas: 0, saw: error instanceof Error ? error.message : String(error) };
  }
}

async function look(cluster: SiteCluster, spec: WorkloadSpec): Promise<Seen> {
  const unknown = (saw: string, replicas = 0): Seen => ({ status: 'unknown', replicas, saw });
  if (spec.kubernetes === undefined) return unknown('the runbook names no Kubernetes object for it');
  const name = describeDeclared(spec.kubernetes);
  const targets = await findTargets(cluster, spec.kubernetes);
  if (targets.length === 0) return unknown(`there is no ${name} in namespace ${cluster.namespace}`);
  const pods = indexed(await cluster.list<Pod>('v1', 'pods'));
  const looks = await Promise.all(
    targets.map(async ({ kind, object }) => {
      const wanted = kind.wanted(object);
      const count = podsOf(pods, await podFilter(cluster, kind, object)).filter((pod) => !hasEnded(pod)).length;
      const running = wanted > 0 || count > 0;
      return {
        name: object.metadata.name,
        wanted,
        count,
        running,
        // A Job of a suspended CronJob may still run.
        off: wanted === 0 && isSwitchedOff(object),
        startedWith: epochOf(object),
        epoch: running ? epochOf(object) : leftOffWith(object),
        saw: kind.readiness(object).saw,
      };
    }),
  );
  const replicas = looks.reduce((sum, { count }) => sum + count, 0);
  const running = looks.filter((one) => one.running);
  const off = looks.filter((one) => one.off);
  const switchedOff = off.length > 0 ? { switchedOff: off.map((one) => one.name) } : {};
  if (running.length === 0) {
    const [epoch, ...others] = new Set(looks.map((one) => one.epoch));
    const left = epoch !== undefined && others.length === 0 ? { epoch } : {};
    const saw = `${name}: no instance is wanted, and no pod is there`;
    return { status: 'stopped', replicas, saw, ...switchedOff, ...left };
  }
  // What is off and of another epoch, or of none, may not have been started yet.
  const ofRunning = new Set(running.map(({ epoch }) => epoch));
  const settled = looks.filter((one) => one.running || (one.off && ofRunning.has(one.startedWith)));
  if (settled.length < looks.length) return unknown(`${name}: ${running.length} of ${looks.length} run`, replicas);
  if (ofRunning.size > 1) return unknown(`${name}: of different epochs, ${[...ofRunning].join(' and ')}`, replicas);
  const [epoch] = ofRunning;
  const ending = running.some(({ wanted }) => wanted === 0) ? ', being stopped' : '';
  const started = epoch === undefined ? ', never started by Switchback' : '';
  const without = off.length > 0 ? `; switched off: ${off.map((one) => one.name).join(', ')}` : '';
  const saw = `${name}: ${running.map((one) => one.saw).join(', ')}${ending}${started}${without}`;
  return {
    status: 'running',
    replicas,
    saw,
    wanted: Object.fromEntries(running.map((one) => [one.name, one.wanted] as const)),
    ...switchedOff,
    ...(epoch !== undefined && { epoch }),
  };
}
