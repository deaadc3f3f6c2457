import type { Pod } from '../../kube-object';

/** What a mover pod has said at its end, as scripts/pod.sh writes it: one "key value" a line. */
export interface PodResult {
  readonly succeeded: boolean;
  readonly values: Readonly<Record<string, string>>;
  /** Why the cluster says that it ended: "exit code 143", "OOMKilled", "Evicted: The node was low on resource". */
  readonly reason: string;
}

/** Undefined: it has not ended. */
export function resultOf({ status }: Pod): PodResult | undefined {
  const ended = status.containerStatuses?.[0]?.state?.terminated;
  if (ended === undefined && status.phase !== 'Failed' && status.phase !== 'Succeeded') return undefined;
  const of = (ended?.reason ?? 'Error') === 'Error' ? `exit code ${ended?.exitCode ?? 'unknown'}` : ended?.reason;
  const reason = status.reason === undefined ? (of ?? '') : `${status.reason}: ${status.message ?? ''}`;
  return { succeeded: ended?.exitCode === 0, values: valuesOf(ended?.message ?? ''), reason };
}

const valuesOf = (message: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    message
      .split('\n')
      .map((line) => line.split(' '))
      .map(([key = '', ...value]) => [key, value.join(' ')]),
  );

/** A count that a script has written. */
export function numberIn({ values }: PodResult, key: string): number {
  const number = Number(values[key] || Number.NaN);
  if (!Number.isSafeInteger(number)) throw new Error(`the mover pod did not say "${key}": ${JSON.stringify(values)}`);
  return number;
}
