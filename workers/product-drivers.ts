import type { DriverSet } from '../drivers/driver-set';
import { createKubernetesReplication } from '../drivers/kubernetes/kubernetes-replication';
import { createKubernetesStage } from '../drivers/kubernetes/kubernetes-stage';
import { createKubernetesWorkloads } from '../drivers/kubernetes/kubernetes-workloads';
import { route53Credentials } from '../drivers/route53/ending-credentials';
import { createRoute53Traffic } from '../drivers/route53/route53-traffic';
import { localDrivers } from './local-drivers';
import type { WorkerSettings } from './settings';

/** Every driver of the product. A runbook says with each site and record which one it needs. */
export function productDrivers(settings: WorkerSettings): DriverSet {
  const { sites, traffic } = localDrivers(settings);
  const { kubeconfigFolder } = settings;
  const workload = createKubernetesWorkloads({ kubeconfigFolder });
  const kubernetes = {
    workload,
    replication: createKubernetesReplication({ kubeconfigFolder }),
    check: sites.local.check,
    stage: createKubernetesStage({ kubeconfigFolder }),
    unnamed: workload,
    standing: workload,
    examination: workload,
  };
  const route53 = createRoute53Traffic(settings.route53 ?? {});
  const credentials = { route53: route53Credentials() };
  return { sites: { ...sites, kubernetes }, traffic: { ...traffic, route53 }, credentials };
}
