import type { KubeObject } from '../kube-object';

/** Which objects of a collection are meant: that of a name, those with a label, or all of them. */
export type Subject = 'all' | { readonly name: string } | { readonly label: readonly [key: string, value: string] };

/** Objects of one kind in one namespace, found by name and by label without looking at the others. */
export class ObjectIndex<Item extends KubeObject> {
  readonly #objects = new Map<string, Item>();
  readonly #names = new Map<string, Set<string>>();

  constructor(items: readonly Item[] = []) {
    for (const item of items) this.put(item);
  }

  get(name: string): Item | undefined {
    return this.#objects.get(name);
  }

  of(subject: Subject): readonly Item[] {
    if (subject === 'all') return [...this.#objects.values()];
    return [...(this.#names.get(keyOf(subject)) ?? [])].flatMap((name) => this.#objects.get(name) ?? []);
  }

  /** Gives the keys of every subject that it changes. */
  put(item: Item): readonly string[] {
    const before = this.remove(item.metadata.name);
    const keys = keysOf(item);
    this.#objects.set(item.metadata.name, item);
    for (const key of keys) {
      const names = this.#names.get(key) ?? new Set<string>();
      this.#names.set(key, names.add(item.metadata.name));
    }
    return [...before, ...keys];
  }

  remove(name: string): readonly string[] {
    const item = this.#objects.get(name);
    if (item === undefined) return [];
    const keys = keysOf(item);
    this.#objects.delete(name);
    for (const key of keys) {
      const names = this.#names.get(key);
      names?.delete(name);
      if (names?.size === 0) this.#names.delete(key);
    }
    return keys;
  }

  clear(): void {
    this.#objects.clear();
    this.#names.clear();
  }
}

/** Neither names nor labels have spaces. */
export function keyOf(subject: Subject): string {
  if (subject === 'all') return subject;
  return 'name' in subject ? `name ${subject.name}` : `label ${subject.label[0]} ${subject.label[1]}`;
}

const keysOf = ({ metadata: { name, labels = {} } }: KubeObject): readonly string[] => [
  keyOf({ name }),
  ...Object.entries(labels).map((label) => keyOf({ label })),
];

const indexes = new WeakMap<readonly KubeObject[], ObjectIndex<KubeObject>>();

/** The index of a list that many callers share: made once. */
export function indexed<Item extends KubeObject>(items: readonly Item[]): ObjectIndex<Item> {
  const known = indexes.get(items) ?? new ObjectIndex<KubeObject>(items);
  indexes.set(items, known);
  return known as unknown as ObjectIndex<Item>;
}
