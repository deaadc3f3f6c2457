import { createHash } from 'node:crypto';
import type { WorkloadStanding } from '../../../core/model/standing';
import type { VolumeSpec } from '../../../core/model/volume';
import type { StandingRequest } from '../../standing-port';
import type { SiteCluster } from '../cluster';
import { hasEnded, isReady, podFilter, podsOf } from '../kinds/pods-of';
import type { Pod } from '../kube-object';
import { indexed } from '../reading/object-index';
import type { Claim } from '../volumes/volume-place';
import { declared, describeDeclared, findTargets } from './target';

/** Contract: drivers/standing-port.ts. As many pods as are wanted are Ready, and mount the claims of the volumes, which are bound. */
export async function standingOf(
  cluster: SiteCluster,
  { workload, volumes }: Pick<StandingRequest, 'workload' | 'volumes'>,
): Promise<WorkloadStanding> {
  const spec = declared(workload);
  const [targets, listed] = await Promise.all([findTargets(cluster, spec), cluster.list<Pod>('v1', 'pods')]);
  const all = indexed(listed);
  // Those of a CronJob come and go with its Jobs.
  const lasting = targets.filter(({ kind, object }) => kind.throughJobs !== true && kind.wanted(object) > 0);
  const looks = await Promise.all(
    lasting.map(async ({ kind, name, object }) => {
      const pods = podsOf(all, await podFilter(cluster, kind, object)).filter((pod) => !hasEnded(pod));
      return { name, pods, wanted: kind.wanted(object), ready: pods.filter(isReady).length };
    }),
  );
  const pods = looks.flatMap((one) => one.pods);
  const short = looks.filter(({ ready, wanted }) => ready < wanted);
  const mounts = lasting.length === 0 ? [] : await mountsOf(cluster, volumes, pods);
  const ready = looks.map(({ name, ready: count, wanted }) => `${name}: ${count} of ${wanted} pods Ready`);
  return {
    lacks: [
      ...(targets.length === 0 ? [`there is no ${describeDeclared(spec)}`] : []),
      ...short.map(
        ({ name, ready: count, wanted, pods: there }) => `${name}: ${count} of ${wanted} pods Ready${notReady(there)}`,
      ),
      ...mounts.flatMap(({ lacks }) => lacks ?? []),
    ],
    incarnation: incarnationOf(pods),
    saw: [...ready, ...mounts.flatMap(({ saw }) => saw ?? [])].join(', ') || 'no pods of its own',
  };
}

const toldPods = 3;

function notReady(pods: readonly Pod[]): string {
  const names = pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name);
  if (names.length === 0) return '';
  const more = names.length > toldPods ? ` and ${names.length - toldPods} more` : '';
  return `, not ${names.slice(0, toldPods).join(', ')}${more}`;
}

interface Mount {
  readonly lacks?: string;
  readonly saw?: string;
}

/** Of volumes that the runbook says no claim of, nobody knows which they are. */
async function mountsOf(
  cluster: SiteCluster,
  volumes: readonly VolumeSpec[],
  pods: readonly Pod[],
): Promise<readonly Mount[]> {
  const named = volumes.flatMap(({ name, kubernetes }) => {
    const claim = kubernetes?.claims[cluster.site.name];
    return claim === undefined ? [] : [{ name, claim }];
  });
  if (named.length === 0) return [];
  const claims = await cluster.list<Claim>('v1', 'persistentvolumeclaims');
  return named.map(({ name, claim }) => {
    const found = claims.find(({ metadata }) => metadata.name === claim);
    if (found === undefined) return { lacks: `volume ${name}: there is no claim ${claim}` };
    const { phase = 'Pending' } = found.status ?? {};
    if (phase !== 'Bound') return { lacks: `volume ${name}: claim ${claim} is ${phase}, not Bound` };
    const mounting = pods.filter((pod) => isReady(pod) && mounts(pod, claim));
    if (mounting.length > 0) return { saw: `volume ${name} is mounted from claim ${claim}` };
    return { lacks: `volume ${name} is not mounted: no pod that is Ready mounts claim ${claim} in a container` };
  });
}

/** A pod that names a claim among its volumes has it in no container unless one mounts it. */
function mounts({ spec }: Pod, claim: string): boolean {
  const names = (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) =>
    persistentVolumeClaim?.claimName === claim ? [name] : [],
  );
  return spec.containers.some(({ volumeMounts = [], volumeDevices = [] }) =>
    [...volumeMounts, ...volumeDevices].some(({ name }) => names.includes(name)),
  );
}

/** Which pods there are, and how often their containers were started. */
function incarnationOf(pods: readonly Pod[]): string {
  const parts = pods.map(({ metadata, status }) => {
    const restarts = (status.containerStatuses ?? []).map(({ restartCount }) => restartCount);
    return `${metadata.uid} ${restarts.join(' ')}`;
  });
  return createHash('sha256').update(parts.sort().join('\n')).digest('hex').slice(0, 16);
}
