import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../../../core/model/failure';
import type { CallContext } from '../../../ports';
import { withinTime } from '../../../within-time';
import { isStatus } from '../../client/kube-error';
import type { SiteCluster } from '../../cluster';
import type { KubeList, KubeObject, Pod } from '../../kube-object';
import { labelsOf, named, volumeLabel, type VolumePlace } from '../volume-place';
import { jobName, type MoverTask } from './mover-job';
import { type PodResult, resultOf } from './pod-result';
import { isPodOf, podsOfPass } from './pods-of-task';

/** A pod that is told to end finishes what may not be left half done, which are the renames in one folder. */
const goneWithinMs = 60_000;
const betweenLooksMs = 50;

type Task = Pick<MoverTask, 'place' | 'pass' | 'script' | 'keys'>;

/** The Job with its pod, its keys and its service. What is not there any more is no fault. */
export async function removeTask(task: Task): Promise<void> {
  const { cluster } = task.place;
  await Promise.all([remove(cluster, cluster.path('batch/v1', 'jobs', jobName(task))), removeKeys(task)]);
}

/** What nobody may find later is removed at once, and not when the cluster comes to it; the Job may stay for a person to look at. */
export async function removeKeys(task: Task): Promise<void> {
  if (task.keys !== true) return;
  const { cluster } = task.place;
  const kinds = task.script === 'serve' ? ['secrets', 'services'] : ['secrets'];
  await Promise.all(kinds.map(async (kind) => remove(cluster, cluster.path('v1', kind, jobName(task)))));
}

async function remove(cluster: SiteCluster, path: string): Promise<void> {
  const body = { propagationPolicy: 'Background' };
  await cluster.client.text({ method: 'DELETE', path, body }).catch((error: unknown) => {
    if (!isStatus(error, 404)) throw error;
  });
}

/**
 * Ends the pod of a task and says how it has ended: one that was making a copy current has finished that first. Undefined: it
 * has not said.
 */
export async function endTask(task: MoverTask): Promise<PodResult | undefined> {
  const { cluster } = task.place;
  const [ours, isOurs] = [podsOfPass(task), isPodOf(task)];
  let last: PodResult | undefined;
  const pod = cluster.pods.of(ours).find(isOurs);
  if (pod !== undefined) {
    await remove(cluster, cluster.path('v1', 'pods', pod.metadata.name));
    await withinTime({ ms: goneWithinMs }, async (signal) =>
      cluster.pods.until(
        [ours],
        () => {
          const now = cluster.pods.of(ours).find(isOurs);
          last = (now && resultOf(now)) ?? last;
          return now === undefined || last !== undefined ? true : undefined;
        },
        signal,
      ),
    );
  }
  return last;
}

/** Ends whatever writes the volume for other passes, and returns when a read of the API server proves its pods ended. */
export async function removeOtherWriters(place: VolumePlace, pass: string, context: CallContext): Promise<void> {
  const { cluster } = place;
  const { signal } = context;
  const { [volumeLabel.volume]: volume = '', [volumeLabel.group]: group = '' } = labelsOf(place);
  const labels = { [volumeLabel.volume]: volume, [volumeLabel.group]: group, [volumeLabel.writes]: 'true' };
  const equal = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const query = { labelSelector: [...equal, `${volumeLabel.pass}!=${pass}`].join(',') };
  const list = async <Item extends KubeObject>(apiVersion: string, plural: string): Promise<readonly Item[]> =>
    (await cluster.client.get<KubeList<Item>>(cluster.path(apiVersion, plural), { query, signal })).items;
  const jobs = await list<KubeObject>('batch/v1', 'jobs');
  await Promise.all(jobs.map(async ({ metadata }) => remove(cluster, cluster.path('batch/v1', 'jobs', metadata.name))));
  for (const since = performance.now(); ;) {
    const left = (await list<Pod>('v1', 'pods')).filter((pod) => resultOf(pod) === undefined);
    if (left.length === 0) return;
    const names = left.map(({ metadata }) => metadata.name).join(', ');
    context.progress({ doing: `waiting for ${names} of an earlier pass to end` });
    if (performance.now() - since > goneWithinMs) {
      const message = `${named(place)} is still being written by an earlier pass: pod ${names} does not end`;
      throw new SwitchbackFailure('VolumeInUse', message, { volume: place.volume.name, site: cluster.site.name });
    }
    await pause(betweenLooksMs, undefined, { signal });
  }
}
