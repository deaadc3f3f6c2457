import { execFileSync } from 'node:child_process';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';

/** While nothing in the cluster makes pods of what is wanted, or takes note of what is not wanted any more. */
export async function withoutControllers(cluster: Cluster, work: () => Promise<void>): Promise<void> {
  const args = (pid: number) => execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  const pid = cluster.pids.find((one) => args(one).includes('kube-controller-manager'));
  if (pid === undefined) throw new Error('the cluster has no controllers');
  process.kill(pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}
