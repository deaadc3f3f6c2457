import type { Mutation } from '../../ports';
import type { KubeObject } from '../kube-object';

/** What Switchback writes on the objects of workloads. */
export const annotation = {
  group: 'switchback.dev/group',
  /** Epoch it was last started with; the fence policy compares it. */
  epoch: 'switchback.dev/epoch',
  replicas: 'switchback.dev/original-replicas',
  /** The last starts and stops with their operation keys, as JSON. */
  operations: 'switchback.dev/operations',
  /** On a HorizontalPodAutoscaler that is set aside: the name of its target. */
  setAside: 'switchback.dev/set-aside',
  /** Never written: a dry run with it asks whether the API server has seen a fence. */
  probe: 'switchback.dev/probe',
} as const;

/** What dr-syncer wrote before Switchback took over. */
const replicasOfDrSyncer = 'dr-syncer.io/original-replicas';

interface Operation {
  readonly did: 'start' | 'stop';
  readonly key: string;
}

/** A late attempt is recognised among so many operations; between two of one run there are never as many. */
const remembered = 12;

/** Epoch of the last start; undefined: Switchback has never started it. */
export function epochOf({ metadata }: KubeObject): number | undefined {
  const epoch = Number(metadata.annotations?.[annotation.epoch] ?? Number.NaN);
  return Number.isInteger(epoch) ? epoch : undefined;
}

/** How many instances it had before it was stopped, as Switchback or dr-syncer wrote it. */
export function recordedReplicas({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[annotation.replicas] ?? metadata.annotations?.[replicasOfDrSyncer];
}

/** What a run has done last with the object; undefined: none has touched it. */
export const lastDone = (object: KubeObject): Operation['did'] | undefined => operationsOf(object).at(-1)?.did;

/**
 * Whether an object without wanted instances is off because somebody wants it off: it was when it was stopped, a start has left it
 * off, or nobody who records anything has touched it.
 */
export function isSwitchedOff(object: KubeObject): boolean {
  const recorded = recordedReplicas(object);
  if (lastDone(object) === 'start') return true;
  return recorded === undefined ? lastDone(object) === undefined : Number(recorded) === 0;
}

/** Epoch of the start that has left it off; undefined: it was on since. */
export const leftOffWith = (object: KubeObject): number | undefined =>
  lastDone(object) === 'start' && recordedReplicas(object) === '0' ? epochOf(object) : undefined;

/** Key of another operation that has undone what this one had done; undefined: nobody has. */
export function undoneBy(object: KubeObject, did: Operation['did'], key: string): string | undefined {
  const operations = operationsOf(object);
  const own = operations.map((operation) => operation.did === did && operation.key === key).lastIndexOf(true);
  if (own < 0) return undefined;
  return operations.slice(own + 1).find((operation) => operation.did !== did && operation.key !== key)?.key;
}

/** The annotations after an operation. */
export function recording(
  object: KubeObject,
  did: Operation['did'],
  { group, operationKey }: Mutation,
): Record<string, string> {
  const operations = [...operationsOf(object), { did, key: operationKey }].slice(-remembered);
  return { [annotation.group]: group, [annotation.operations]: JSON.stringify(operations) };
}

function operationsOf({ metadata }: KubeObject): readonly Operation[] {
  const text = metadata.annotations?.[annotation.operations];
  if (text === undefined) return [];
  try {
    const operations: unknown = JSON.parse(text);
    return Array.isArray(operations) ? (operations as Operation[]) : [];
  } catch {
    return [];
  }
}
