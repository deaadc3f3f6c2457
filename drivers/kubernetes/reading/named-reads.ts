import type { KubeClient } from '../client/kube-client';
import { isStatus } from '../client/kube-error';
import type { KubeList, KubeObject } from '../kube-object';
import { BatchedRead } from './batched-read';
import { indexed, type ObjectIndex } from './object-index';

/** So many objects are read one by one; a list of all is cheaper for more. */
const fewObjects = 2;

/** Reads of single objects of one collection, for many callers at a time: by name while they are few, else by one list. */
export class NamedReads {
  #asked = new Set<string>();
  readonly #read = new BatchedRead<Pick<ObjectIndex<KubeObject>, 'get'>>(async () => this.#load());

  constructor(
    private readonly client: KubeClient,
    private readonly path: string,
  ) {}

  /** As of a moment after the call; undefined: there is none of this name. */
  async find(name: string): Promise<KubeObject | undefined> {
    this.#asked.add(name);
    return (await this.#read.fresh()).get(name);
  }

  async #load(): Promise<Pick<ObjectIndex<KubeObject>, 'get'>> {
    const names = [...this.#asked];
    this.#asked = new Set();
    if (names.length > fewObjects) return indexed((await this.client.get<KubeList<KubeObject>>(this.path)).items);
    const found = await Promise.all(names.map(async (name) => [name, await this.#get(name)] as const));
    return new Map(found);
  }

  async #get(name: string): Promise<KubeObject | undefined> {
    return this.client.get<KubeObject>(`${this.path}/${encodeURIComponent(name)}`).catch((error: unknown) => {
      if (isStatus(error, 404)) return undefined;
      throw error;
    });
  }
}
