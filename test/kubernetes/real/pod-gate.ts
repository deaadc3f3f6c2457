import net from 'node:net';
import { isReady } from '../../../drivers/kubernetes/kinds/pods-of';
import type { Pod } from '../../../drivers/kubernetes/kube-object';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';

export interface PodGatePlace {
  readonly address: string;
  /** 0: one that is free. */
  readonly port: number;
  /** Path of the pods of the namespace. */
  readonly pods: string;
  readonly labelSelector: string;
  readonly podPort: number;
}

type ReadyPod = Pod & { readonly status: { readonly podIP?: string } };

const knownForMs = 100;

/**
 * The way into a site: connections to its address go on to the pod that is Ready, as a load balancer would pass them. It knows
 * the pods that it saw last when the API server does not answer, and can be cut as a cable is.
 */
export class PodGate {
  readonly #connections = new Set<net.Socket>();
  #open = true;
  #target: string | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  static async open(client: KubeClient, place: PodGatePlace): Promise<PodGate> {
    const listener = net.createServer();
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject).listen(place.port, place.address, resolve);
    });
    return new PodGate(client, place, listener);
  }

  private constructor(
    private readonly client: KubeClient,
    private readonly place: PodGatePlace,
    private readonly listener: net.Server,
  ) {
    listener.on('connection', (socket) => {
      this.#keep(socket);
      this.#pass(socket).catch(() => socket.resetAndDestroy());
    });
  }

  get port(): number {
    return (this.listener.address() as net.AddressInfo).port;
  }

  /** Nobody comes in any more, nor gets an answer. */
  cut(): void {
    this.#open = false;
    for (const socket of this.#connections) socket.resetAndDestroy();
  }

  mend(): void {
    this.#open = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  async #pass(socket: net.Socket): Promise<void> {
    const address = this.#open ? await this.#readyPod() : undefined;
    if (address === undefined || !this.#open) return void socket.resetAndDestroy();
    const onward = net.connect(this.place.podPort, address);
    this.#keep(onward);
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  }

  #keep(socket: net.Socket): void {
    this.#connections.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#connections.delete(socket));
  }

  async #readyPod(): Promise<string | undefined> {
    if (performance.now() - this.#askedAt < knownForMs) return this.#target;
    this.#askedAt = performance.now();
    const { pods, labelSelector } = this.place;
    try {
      const { items } = await this.client.get<{ items: readonly ReadyPod[] }>(pods, { query: { labelSelector } });
      this.#target = items.find(isReady)?.status.podIP;
    } catch {
      // The API server is gone; the pods may go on.
    }
    return this.#target;
  }
}
