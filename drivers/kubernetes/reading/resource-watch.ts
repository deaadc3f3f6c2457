import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '../client/kube-client';
import { isStatus, NoAnswer } from '../client/kube-error';
import type { KubeList, KubeObject } from '../kube-object';
import { keyOf, ObjectIndex, type Subject } from './object-index';

interface Waiter {
  readonly look: () => void;
  readonly fail: (error: unknown) => void;
}

/** A watch that nobody waits for is kept for so long: the next step often begins soon. */
const lingerMs = 3_000;
/** Watches are known to fall silent without ending: then the whole collection is read again, which heals them. */
const silentMs = 10_000;
const betweenMs = 200;

/** The objects of one kind in one namespace, kept up to date by one watch, for all who wait for a change of any of them. */
export class ResourceWatch<Item extends KubeObject> {
  readonly #objects = new ObjectIndex<Item>();
  /** By the keys of what they wait for. */
  readonly #waiters = new Map<string, Set<Waiter>>();
  /** Keys of what has changed since the waiters looked. */
  readonly #touched = new Set<string>();
  #stop: AbortController | undefined;
  #linger: NodeJS.Timeout | undefined;
  #synced = false;
  #looking = false;
  #changedAt = 0;
  #eventAt = 0;

  constructor(
    private readonly client: KubeClient,
    private readonly path: string,
  ) {}

  /** When an object of the collection was last seen to change, as `performance.now()` tells it. */
  get eventAt(): number {
    return this.#eventAt;
  }

  /** As of the last event; it may lag behind what other requests have seen. */
  get(name: string): Item | undefined {
    return this.#objects.get(name);
  }

  of(subject: Subject): readonly Item[] {
    return this.#objects.of(subject);
  }

  /**
   * Looks now, and after every change of one of the subjects, until `look` gives something else than undefined. Rejects with what
   * `look` throws, with the reason of the signal, or when the collection cannot be read.
   */
  async until<Result>(
    subjects: readonly Subject[],
    look: () => Result | undefined,
    signal: AbortSignal,
  ): Promise<Result> {
    signal.throwIfAborted();
    this.#begin();
    const keys = subjects.map(keyOf);
    let waiter: Waiter | undefined;
    const end = new AbortController();
    try {
      return await new Promise<Result>((resolve, reject) => {
        const lookNow = (): void => {
          if (!this.#synced) return;
          try {
            const result = look();
            if (result !== undefined) resolve(result);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        waiter = { look: lookNow, fail: reject };
        for (const key of keys) this.#waitersOf(key).add(waiter);
        signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: end.signal });
        lookNow();
      });
    } finally {
      end.abort();
      for (const key of keys) {
        const others = this.#waitersOf(key);
        if (waiter !== undefined) others.delete(waiter);
        if (others.size === 0) this.#waiters.delete(key);
      }
      this.#lingerOn();
    }
  }

  close(): void {
    clearTimeout(this.#linger);
    this.#stop?.abort();
    this.#stop = undefined;
    this.#synced = false;
    this.#objects.clear();
    for (const waiter of this.#allWaiters()) waiter.fail(new NoAnswer('its watch was closed'));
  }

  #begin(): void {
    clearTimeout(this.#linger);
    if (this.#stop !== undefined) return;
    const stop = new AbortController();
    this.#stop = stop;
    void this.#follow(stop.signal);
  }

  #lingerOn(): void {
    if (this.#waiters.size > 0) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.close(), lingerMs);
  }

  /** What cannot be read is for those who wait to judge; a watch that breaks is begun again after a read. */
  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const version = await this.#list(signal).catch((error: unknown) => this.#fail(error, signal));
      if (version !== undefined) {
        await this.#watch(version, signal).catch((error: unknown) => {
          if (isStatus(error, 401) || isStatus(error, 403)) this.#fail(error, signal);
        });
      }
      if (!signal.aborted) await pause(betweenMs);
    }
  }

  #fail(error: unknown, signal: AbortSignal): undefined {
    if (!signal.aborted) for (const waiter of this.#allWaiters()) waiter.fail(error);
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { metadata, items } = await this.client.get<KubeList<Item>>(this.path, { signal });
    if (signal.aborted) return metadata.resourceVersion;
    this.#objects.clear();
    for (const item of items) this.#objects.put(item);
    this.#synced = true;
    this.#changed([...this.#waiters.keys()]);
    return metadata.resourceVersion;
  }

  /** Returns when the watch has ended or has been silent for too long. */
  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const silence = new AbortController();
    const either = AbortSignal.any([signal, silence.signal]);
    const timer = setInterval(() => {
      if (performance.now() - this.#changedAt > silentMs) silence.abort();
    }, silentMs / 4);
    const query = { resourceVersion, allowWatchBookmarks: 'true' };
    try {
      for await (const { type, object } of this.client.watch<Item>(this.path, query, either)) {
        if (signal.aborted) return;
        if (type !== 'BOOKMARK') this.#eventAt = performance.now();
        if (type === 'DELETED') this.#changed(this.#objects.remove(object.metadata.name));
        else this.#changed(type === 'BOOKMARK' ? [] : this.#objects.put(object));
      }
    } catch (error) {
      if (!silence.signal.aborted) throw error;
    } finally {
      clearInterval(timer);
    }
  }

  /** Events come in bursts: whoever waits looks once after each, and only at what was meant. */
  #changed(keys: readonly string[]): void {
    this.#changedAt = performance.now();
    for (const key of keys) this.#touched.add(key);
    if (this.#looking) return;
    this.#looking = true;
    setImmediate(() => {
      this.#looking = false;
      const touched = [...this.#touched, keyOf('all')];
      this.#touched.clear();
      const concerned = new Set(touched.flatMap((key) => [...(this.#waiters.get(key) ?? [])]));
      for (const { look } of concerned) look();
    });
  }

  #waitersOf(key: string): Set<Waiter> {
    const known = this.#waiters.get(key) ?? new Set<Waiter>();
    this.#waiters.set(key, known);
    return known;
  }

  #allWaiters(): ReadonlySet<Waiter> {
    return new Set([...this.#waiters.values()].flatMap((waiters) => [...waiters]));
  }
}
