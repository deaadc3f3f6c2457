import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { KubeError, NoAnswer } from '../../../drivers/kubernetes/client/kube-error';
import { adminClient } from '../cluster/admin-client';
import { changeIn, readCollection } from '../volumes/collections';
import { PortForwarder } from './port-forwarder';
import { freeBalancer, type ServiceNetwork } from './service-network';
import { servedPorts, type ServedPod, type Service } from './service-ports';

const againAfterMs = 500;

/** What kube-proxy and a load balancer do, for the Services of one cluster, until it is ended: without a rule in the kernel. */
async function main(kubeconfig: string, context: string, place: ServiceNetwork): Promise<never> {
  const client = adminClient(context, kubeconfig);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const forwarder = new PortForwarder(path.dirname(kubeconfig), say);
  for (;;) {
    try {
      const services = await readCollection<Service>(client, '/api/v1/services');
      await giveBalancers(client, services.items, place.network);
      // Pods change all the time, and are of no interest as long as nothing leads to them.
      const leads = services.items.some(({ spec }) => spec.selector !== undefined);
      const pods = leads ? [await readCollection<ServedPod>(client, '/api/v1/pods')] : [];
      forwarder.serve(
        servedPorts(
          services.items,
          pods.flatMap(({ items }) => items),
          place.nodeAddress,
        ),
      );
      await changeIn(client, services, ...pods);
    } catch (error) {
      if (!(error instanceof KubeError) && !(error instanceof NoAnswer)) throw error;
      say(error.message);
      await pause(againAfterMs);
    }
  }
}

async function giveBalancers(client: KubeClient, services: readonly Service[], network: string): Promise<void> {
  const ingressOf = ({ status }: Service) => status?.loadBalancer?.ingress ?? [];
  const taken = new Set(services.flatMap(ingressOf).map(({ ip = '' }) => ip));
  for (const service of services) {
    if (service.spec.type !== 'LoadBalancer' || ingressOf(service).length > 0) continue;
    const ip = freeBalancer(network, taken);
    if (ip === undefined) return;
    taken.add(ip);
    const { namespace, name } = service.metadata;
    const status = { loadBalancer: { ingress: [{ ip }] } };
    await client.patch(`/api/v1/namespaces/${namespace}/services/${name}/status`, { status });
  }
}

const [kubeconfig = '', context = '', network = '', nodeAddress = ''] = process.argv.slice(2);
void main(kubeconfig, context, { network, nodeAddress });
