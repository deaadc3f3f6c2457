import type { NodePod } from './pod';
import { nodeAddress, PodAddresses } from './pod-addresses';
import { PodLife, type ProcessNode } from './pod-life';

interface Known {
  readonly pod: NodePod;
  readonly life: PodLife;
  readonly over: Promise<void>;
}

/** The pods that are bound to a node, each kept until the API server has forgotten it: one that has ended is not begun again. */
export class NodePods {
  readonly #known = new Map<string, Known>();
  readonly #addresses: PodAddresses;

  constructor(
    private readonly node: ProcessNode,
    private readonly network: string,
  ) {
    this.#addresses = new PodAddresses(network);
  }

  /** As the API server has it now. */
  seen(pod: NodePod): void {
    const { uid, deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
    const { life } = this.#known.get(uid) ?? this.#begin(pod);
    if (deletionTimestamp !== undefined) life.delete(deletionGracePeriodSeconds);
  }

  /** The API server has forgotten it, which it does without asking the node when it is forced to. */
  gone(uid: string): void {
    const known = this.#known.get(uid);
    known?.life.delete(0);
    void known?.over.then(() => this.#known.delete(uid));
  }

  /** All that there are. */
  onlyThese(pods: readonly NodePod[]): void {
    const there = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const uid of this.#known.keys()) if (!there.has(uid)) this.gone(uid);
    pods.forEach((pod) => this.seen(pod));
  }

  /** Undefined: no such pod was ever here. */
  logFile(namespace: string, name: string): string | undefined {
    const found = [...this.#known.values()].filter(
      ({ pod: { metadata } }) => metadata.namespace === namespace && metadata.name === name,
    );
    return found.at(-1)?.life.logFile;
  }

  #begin(pod: NodePod): Known {
    const podIP = this.#addresses.take();
    const life = new PodLife(this.node, pod, { podIP, hostIP: nodeAddress(this.network) });
    const failed = (error: unknown): void =>
      void process.stderr.write(`${pod.metadata.namespace}/${pod.metadata.name}: ${String(error)}\n`);
    const over = life
      .live()
      .catch(failed)
      .finally(() => this.#addresses.giveBack(podIP));
    const known = { pod, life, over };
    this.#known.set(pod.metadata.uid, known);
    return known;
  }
}
