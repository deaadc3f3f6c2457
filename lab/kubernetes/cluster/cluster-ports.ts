import { freePort } from '../../../workers/temporal-server/loopback-port';

/** Loopback ports of one cluster. */
export interface ClusterPorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly api: number;
  readonly kubelet: number;
}

/** Four that are free now; whoever uses them must be ready to lose the race for one. */
export async function freePorts(): Promise<ClusterPorts> {
  const [etcd, etcdPeer, api, kubelet] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return { etcd, etcdPeer, api, kubelet };
}
