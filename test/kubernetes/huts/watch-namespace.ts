import { hasEnded, isReady } from '../../../drivers/kubernetes/kinds/pods-of';
import type { KubeList, KubeObject, Pod, WorkloadObject } from '../../../drivers/kubernetes/kube-object';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';

/** What became of the parts of an application, in the order in which the cluster tells. */
export interface Happening {
  readonly what: 'began' | 'ready' | 'asked to end' | 'gone';
  readonly app: string;
}

/** A pod, or a CronJob that is not suspended: it may have pods at any time. */
interface Running {
  readonly app: string;
  readonly ready: boolean;
  readonly ending: boolean;
}

export interface NamespaceWatch {
  readonly happenings: readonly Happening[];
  isRunning(app: string): boolean;
  /** How many are Ready now, by app. */
  ready(): Readonly<Record<string, number>>;
  /** Fails when it has not seen everything. */
  stop(): Promise<void>;
}

const podAsRunning = (pod: Pod): Running | undefined =>
  hasEnded(pod)
    ? undefined
    : {
        app: pod.metadata.labels?.['app'] ?? '',
        ready: isReady(pod),
        ending: pod.metadata.deletionTimestamp !== undefined,
      };

const cronJobAsRunning = ({ metadata, spec }: WorkloadObject): Running | undefined =>
  spec.suspend === true ? undefined : { app: metadata.name, ready: true, ending: false };

/** @param tell hears of each that begins */
export async function watchNamespace(
  { client }: Cluster,
  namespace: string,
  tell: (app: string) => void,
): Promise<NamespaceWatch> {
  const running = new Map<string, Running>();
  const happenings: Happening[] = [];
  const take = (uid: string, now: Running | undefined): void => {
    const before = running.get(uid);
    const happened = (what: Happening['what'], app: string): void => void happenings.push({ what, app });
    if (now === undefined) {
      if (before !== undefined && !before.ending) happened('asked to end', before.app);
      if (running.delete(uid)) happened('gone', before?.app ?? '');
      return;
    }
    running.set(uid, now);
    if (before === undefined) {
      happened('began', now.app);
      tell(now.app);
    }
    if (now.ready && before?.ready !== true) happened('ready', now.app);
    if (now.ending && before?.ending !== true) happened('asked to end', now.app);
  };

  const end = new AbortController();
  let broken: Error | undefined;
  const follow = async <Item extends KubeObject>(path: string, asRunning: (item: Item) => Running | undefined) => {
    const { items, metadata } = await client.get<KubeList<Item>>(path);
    for (const item of items) take(item.metadata.uid, asRunning(item));
    const events = client.watch<Item>(path, { resourceVersion: metadata.resourceVersion }, end.signal);
    const loop = async (): Promise<void> => {
      try {
        for await (const { type, object } of events)
          take(object.metadata.uid, type === 'DELETED' ? undefined : asRunning(object));
        throw new Error(`the watch of ${path} has ended`);
      } catch (error) {
        if (!end.signal.aborted) broken = error as Error;
      }
    };
    return { ended: loop() };
  };
  const following = [
    await follow(`/api/v1/namespaces/${namespace}/pods`, podAsRunning),
    await follow(`/apis/batch/v1/namespaces/${namespace}/cronjobs`, cronJobAsRunning),
  ];
  return {
    happenings,
    isRunning: (app) => [...running.values()].some((one) => one.app === app),
    ready: () => {
      const counts: Record<string, number> = {};
      for (const { app, ready } of running.values()) if (ready) counts[app] = (counts[app] ?? 0) + 1;
      return counts;
    },
    stop: async () => {
      end.abort();
      await Promise.all(following.map(({ ended }) => ended));
      if (broken !== undefined) throw broken;
    },
  };
}
