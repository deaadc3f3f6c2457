import { clusterNames } from './bench-clusters';
import { replicas, type Fleet } from './fleet';

/** Steps in flight: as many as there are workloads to be moved at once, up to what a worker takes by default. */
const concurrency = (workloads: number): number => Math.min(workloads, 500);

/**
 * The runbook of a fleet, as YAML: no order among its workloads, no volumes, no records, nobody to be asked. All are stopped at once,
 * and how long the cluster takes to end that many pods is a part of what is measured: none is told to end before its time.
 */
export const fleetRunbook = ({ namespace, names }: Fleet): string => `
switchback: 1
group: ${namespace}
objectives: { rpo: 12h, rto: 1h }
sites:
  primary:
    name: home-${namespace}
    driver: kubernetes
    address: 127.0.1.1
    kubernetes: { context: ${clusterNames.primary}, namespace: ${namespace}, kubeconfig: kubeconfig }
  recovery:
    name: refuge-${namespace}
    driver: kubernetes
    address: 127.0.2.1
    kubernetes: { context: ${clusterNames.recovery}, namespace: ${namespace}, kubeconfig: kubeconfig }
workloads:
${names.map((name) => `  - { name: ${name}, stopGrace: 5m, kubernetes: { kind: Deployment, name: ${name}, replicas: ${replicas} } }`).join('\n')}
replication: { every: 6h }
execution: { concurrency: ${concurrency(names.length)} }
`;
