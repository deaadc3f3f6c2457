import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BenchClusters, ClusterName } from './bench-clusters';
import { replicas, type Fleet } from './fleet';

const run = promisify(execFile);

/** What people write: scale one after the other, then wait for each. It does not wait for what it stops. */
const script = `
set -eu
for name in $NAMES; do kubectl --context "$FROM" -n "$NAMESPACE" scale "deployment/$name" --replicas=0; done
for name in $NAMES; do kubectl --context "$TO" -n "$NAMESPACE" scale "deployment/$name" --replicas="$REPLICAS"; done
for name in $NAMES; do kubectl --context "$TO" -n "$NAMESPACE" rollout status "deployment/$name"; done
`;

/** The same move by a loop in bash, in seconds. */
export async function moveByBash(
  { folder }: BenchClusters,
  fleet: Fleet,
  { from, to, kubectl }: { readonly from: ClusterName; readonly to: ClusterName; readonly kubectl: string },
): Promise<number> {
  const env = {
    ...process.env,
    PATH: `${path.dirname(kubectl)}${path.delimiter}${process.env['PATH'] ?? ''}`,
    KUBECONFIG: path.join(folder, 'admin-kubeconfig'),
    NAMESPACE: fleet.namespace,
    NAMES: fleet.names.join(' '),
    REPLICAS: String(replicas),
    FROM: from,
    TO: to,
  };
  const began = performance.now();
  await run('bash', ['-c', script], { env, maxBuffer: 1 << 24 });
  return (performance.now() - began) / 1000;
}
