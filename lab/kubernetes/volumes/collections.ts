import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';

export interface Collection<Item> {
  readonly path: string;
  readonly items: readonly Item[];
  readonly resourceVersion: string;
}

export async function readCollection<Item>(client: KubeClient, path: string): Promise<Collection<Item>> {
  interface List {
    readonly items: readonly Item[];
    readonly metadata: { readonly resourceVersion: string };
  }
  const { items, metadata } = await client.get<List>(path);
  return { path, items, resourceVersion: metadata.resourceVersion };
}

/** A watch may fall silent without an end: so long after a look there is another one. */
const lookAgainMs = 5_000;

/** Resolves when something of one of them has changed since it was read, or may have. */
export async function changeIn(client: KubeClient, ...collections: readonly Collection<unknown>[]): Promise<void> {
  const watches = new AbortController();
  const changes = collections.map(async ({ path, resourceVersion }) =>
    client.watch(path, { resourceVersion }, watches.signal).next(),
  );
  const { signal } = watches;
  const again = pause(lookAgainMs, undefined, { signal }).catch(() => undefined);
  await Promise.race([again, ...changes]).finally(() => watches.abort());
  await Promise.allSettled(changes);
}
