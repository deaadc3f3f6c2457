import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import type { LabProcesses } from '../../processes/lab-processes';
import type { ClusterPlace } from '../cluster/program-arguments';

/** A cluster that is being started, as its nodes see it. */
export interface YoungCluster {
  readonly name: string;
  readonly place: ClusterPlace;
  readonly processes: LabProcesses;
  /** As administrator; answered once the API server is ready. */
  readonly client: KubeClient;
}

/** What the pods of one cluster run on. */
export interface Nodes {
  readonly count: number;
  /** Before there is an API server. Resolves with what its command line needs for these nodes. */
  prepare(cluster: YoungCluster): Promise<readonly string[]>;
  /** Once the API server is ready. The nodes may be Ready later. */
  start(cluster: YoungCluster): Promise<void>;
}
