import { withinTime } from '../../within-time';
import type { SiteCluster } from '../cluster';
import type { KubeList, KubeObject, Pod } from '../kube-object';
import type { HopelessPod } from './why-not-up';

const logLines = 10;
const events = 3;
/** A node or an API server that does not answer keeps nobody from the reason itself for longer. */
const withinMs = 10_000;

/** As core/v1 gives it; the scheduler and others that write events.k8s.io/v1 leave `lastTimestamp` empty. */
interface Event extends KubeObject {
  readonly involvedObject?: { readonly name?: string };
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string };
}

/** The last lines of its log and its last events, as far as they are to be had: what a person would look at next. */
export async function lastWordsOf(
  cluster: SiteCluster,
  { pod, container }: HopelessPod,
  signal?: AbortSignal,
): Promise<string> {
  return withinTime({ ms: withinMs, signal }, async (within) => {
    const [log, happened] = await Promise.all([
      logOf(cluster, pod, container, within),
      eventsOf(cluster, `involvedObject.uid=${pod.metadata.uid}`, within),
    ]);
    return [...(log === '' ? [] : [`its log ends with:\n${log}`]), ...saying(happened)].join('\n');
  });
}

/** Of an object that has no pods: its own events, and those of the ReplicaSets of a Deployment, which are told why. */
export async function lastEventsOf(cluster: SiteCluster, object: KubeObject, signal: AbortSignal): Promise<string> {
  const { name, uid } = object.metadata;
  const prefix = `${name}-`;
  const isOurs = ({ involvedObject: { name: set = '' } = {} }: Event): boolean =>
    set.startsWith(prefix) && !set.slice(prefix.length).includes('-');
  return withinTime({ ms: withinMs, signal }, async (within) => {
    const [own, ofSets] = await Promise.all([
      eventsOf(cluster, `involvedObject.uid=${uid}`, within),
      eventsOf(cluster, 'involvedObject.kind=ReplicaSet', within),
    ]);
    return saying([...own, ...ofSets.filter(isOurs)]).join('\n');
  });
}

async function logOf(
  cluster: SiteCluster,
  { metadata, status }: Pod,
  container: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { initContainerStatuses = [], containerStatuses = [] } = status;
  const found = [...initContainerStatuses, ...containerStatuses].find(({ name }) => name === container);
  const ended = found?.lastState?.terminated;
  const hasRun = ended !== undefined || found?.state?.running !== undefined || found?.state?.terminated !== undefined;
  if (container === undefined || !hasRun) return '';
  const path = `${cluster.path('v1', 'pods', metadata.name)}/log`;
  const query = { container, tailLines: String(logLines) };
  const tail = async (previous: boolean): Promise<string> =>
    cluster.client.text({ method: 'GET', path, query: { ...query, previous: String(previous) }, signal });
  // What waits for its next try has said why it ended in the try before; what runs says itself what it waits for.
  const ofLast = found?.state?.waiting !== undefined;
  const text = await tail(ofLast)
    .catch(async () => tail(!ofLast))
    .catch(() => ended?.message ?? '');
  return text.trimEnd();
}

async function eventsOf(cluster: SiteCluster, fieldSelector: string, signal: AbortSignal): Promise<readonly Event[]> {
  const { items } = await cluster.client
    .get<KubeList<Event>>(cluster.path('v1', 'events'), { query: { fieldSelector }, signal })
    .catch((): KubeList<Event> => ({ metadata: { resourceVersion: '' }, items: [] }));
  return items;
}

const timeOf = ({ series, lastTimestamp, eventTime }: Event): number =>
  Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? '') || 0;

function saying(happened: readonly Event[]): readonly string[] {
  if (happened.length === 0) return [];
  const last = [...happened].sort((one, other) => timeOf(one) - timeOf(other)).slice(-events);
  return [`events:\n${last.map(({ reason = '', message = '' }) => `${reason}: ${message}`).join('\n')}`];
}
