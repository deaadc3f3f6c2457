import type { SiteCluster } from '../cluster';
import type { KubeList, KubeObject, Pod } from '../kube-object';

/** A pod that will not come up by waiting. */
export interface HopelessPod {
  readonly pod: Pod;
  /** "container web is in CrashLoopBackOff: back-off restarting failed container" */
  readonly saw: string;
  /** The container whose log tells more. */
  readonly container?: string;
}

/** A pod that no node takes may wait for a node that is being added. */
const unschedulableForMs = 30_000;

/** What the kubelet says of a container that it will go on trying in vain. */
const hopelessReasons: readonly string[] = [
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
];

export function hopelessPod(pods: readonly Pod[], now: number): HopelessPod | undefined {
  for (const pod of pods) {
    const { containerStatuses = [], initContainerStatuses = [], conditions = [] } = pod.status;
    for (const { name, state } of [...initContainerStatuses, ...containerStatuses]) {
      const { reason = '', message = '' } = state?.waiting ?? {};
      if (!hopelessReasons.includes(reason)) continue;
      return { pod, container: name, saw: `container ${name} is in ${reason}${message === '' ? '' : `: ${message}`}` };
    }
    const scheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
    const since = Date.parse((scheduled as { lastTransitionTime?: string } | undefined)?.lastTransitionTime ?? '');
    if (scheduled?.reason === 'Unschedulable' && now - since > unschedulableForMs) {
      return { pod, saw: `no node takes it: ${scheduled.message ?? 'Unschedulable'}` };
    }
  }
  return undefined;
}

const logLines = 10;
const events = 3;

interface Event extends KubeObject {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string;
}

/** The last lines of its log and its last events, as far as they are to be had: what a person would look at next. */
export async function lastWordsOf(cluster: SiteCluster, { pod, container }: HopelessPod): Promise<string> {
  const [log, happened] = await Promise.all([logOf(cluster, pod, container), eventsOf(cluster, pod)]);
  const parts = [
    ...(log === '' ? [] : [`its log ends with:\n${log}`]),
    ...(happened.length === 0 ? [] : [`events:\n${happened.join('\n')}`]),
  ];
  return parts.join('\n');
}

async function logOf(cluster: SiteCluster, { metadata, status }: Pod, container: string | undefined): Promise<string> {
  const ended = (status.containerStatuses ?? []).find(({ name }) => name === container)?.lastState?.terminated;
  if (container === undefined || ended === undefined) return '';
  const path = `${cluster.path('v1', 'pods', metadata.name)}/log`;
  const query = { container, tailLines: String(logLines), previous: 'true' };
  const tail = async (asked: Record<string, string>): Promise<string> =>
    cluster.client.text({ method: 'GET', path, query: asked });
  const text = await tail(query)
    .catch(async () => tail({ ...query, previous: 'false' }))
    .catch(() => ended.message ?? '');
  return text.trimEnd();
}

async function eventsOf(cluster: SiteCluster, { metadata }: Pod): Promise<readonly string[]> {
  const query = { fieldSelector: `involvedObject.uid=${metadata.uid}` };
  const list = await cluster.client
    .get<KubeList<Event>>(cluster.path('v1', 'events'), { query })
    .catch((): KubeList<Event> => ({ metadata: { resourceVersion: '' }, items: [] }));
  return [...list.items]
    .sort((one, other) => (one.lastTimestamp ?? '').localeCompare(other.lastTimestamp ?? ''))
    .slice(-events)
    .map(({ reason = '', message = '' }) => `${reason}: ${message}`);
}
