import { z } from 'zod';
import { cidr, ipv4, loopback } from './addresses';
import { duration, line, name, relativePath } from './scalars';

const siteName = () =>
  name()
    .describe('Name of the site, as people call it. Becomes part of task queues, records and reports.')
    .meta({ examples: ['alpha'] });

const drillPlace = (address: z.ZodType<string>) =>
  z
    .strictObject({
      address: address
        .describe('Address that the workloads of a copy listen on; used by nothing else.')
        .meta({ examples: ['127.0.3.1'] }),
    })
    .optional()
    .describe('Where copies live when a drill is held at this site. Default: no drill is held here.');

const localSite = z
  .strictObject({
    driver: z.literal('local').describe('Real processes and folders on this machine.'),
    name: siteName(),
    address: loopback()
      .describe('Loopback address that the workloads of the site listen on.')
      .meta({ examples: ['127.0.1.1'] }),
    folder: relativePath()
      .optional()
      .describe('Folder of the site, relative to the lab folder of the worker. Default: the name of the site.')
      .meta({ examples: ['alpha'] }),
    drill: drillPlace(loopback()),
  })
  .describe('A loopback address and a folder of this machine.')
  .meta({ id: 'LocalSite' });

const memorySite = z
  .strictObject({
    driver: z.literal('memory').describe('A site in memory: for simulations and tests.'),
    name: siteName(),
    address: ipv4()
      .describe('Address of the site; nothing listens there.')
      .meta({ examples: ['127.0.1.1'] }),
    drill: drillPlace(ipv4()),
  })
  .describe('A site in memory, for simulations and tests.')
  .meta({ id: 'MemorySite' });

const kubernetesDrillPlace = z
  .strictObject({
    address: ipv4()
      .describe(
        'Address at which the services of a copy answer that answer outside of the cluster in production: an external IP at every node, used by nothing else.',
      )
      .meta({ examples: ['192.0.2.30'] }),
    checksFrom: z
      .array(cidr())
      .optional()
      .describe(
        'Networks that the checks of a copy come from, as its pods see them; its network policy lets nothing else in. Default: none.',
      )
      .meta({ examples: [['10.0.0.0/16']] }),
  })
  .optional()
  .describe('Where copies answer when a drill is held at this site. Default: no drill is held here.');

const kubernetesMover = z
  .strictObject({
    image: line(512)
      .describe('Image with rsync, OpenSSH and a shell, as deploy/kubernetes/mover/Dockerfile makes it.')
      .meta({ examples: ['registry.example.com/switchback-mover:1'] }),
    pullPolicy: z
      .enum(['Always', 'IfNotPresent', 'Never'])
      .optional()
      .describe('When the image is pulled. Default: as Kubernetes does.'),
    service: z
      .enum(['NodePort', 'LoadBalancer', 'ClusterIP', 'Pod'])
      .default('NodePort')
      .describe(
        'How the other site reaches the pod that gives a volume away. `ClusterIP` needs a network of services, `Pod` one of pods, that both clusters share.',
      ),
    host: line(253)
      .optional()
      .describe('Where NodePorts of this site are reached from the other one. Default: the node that the pod runs on.')
      .meta({ examples: ['192.0.2.10'] }),
    addressWithin: duration({ atMost: '1h' })
      .optional()
      .describe('How long a pass waits for the address of its Service of type LoadBalancer. Default: 3m.')
      .meta({ examples: ['10m'] }),
    keepOnFailure: z
      .boolean()
      .default(false)
      .describe('Keep the Job of a pass that has failed, without its keys, until the next one or for an hour.'),
    snapshotClass: line(253)
      .optional()
      .describe(
        'Recovery points at this site are VolumeSnapshots of this VolumeSnapshotClass. Default: folders in a claim beside the volume.',
      )
      .meta({ examples: ['csi-snapshots'] }),
  })
  .optional()
  .describe('What copies volumes at this site. Needed when the runbook has volumes.')
  .meta({ id: 'KubernetesMover' });

const kubernetesSite = z
  .strictObject({
    driver: z.literal('kubernetes').describe('A namespace of a Kubernetes cluster.'),
    name: siteName(),
    address: ipv4()
      .describe("Address at which the site's services answer from outside: of its load balancer or ingress controller.")
      .meta({ examples: ['192.0.2.10'] }),
    kubernetes: z
      .strictObject({
        namespace: name()
          .describe('Namespace of the application.')
          .meta({ examples: ['shop'] }),
        context: line(253)
          .optional()
          .describe('Context of the kubeconfig. Default: its current one, or the cluster that the worker runs in.')
          .meta({ examples: ['frankfurt'] }),
        kubeconfig: relativePath()
          .optional()
          .describe(
            "File in the worker's folder of kubeconfigs (SWITCHBACK_KUBECONFIGS). Default: what KUBECONFIG names, ~/.kube/config, or the service account of the worker's pod.",
          )
          .meta({ examples: ['clusters.yaml'] }),
        mover: kubernetesMover,
      })
      .describe('Which namespace of which cluster it is.')
      .meta({ id: 'KubernetesNamespace' }),
    drill: kubernetesDrillPlace,
  })
  .describe('A namespace of a Kubernetes cluster.')
  .meta({ id: 'KubernetesSite' });

const site = z.discriminatedUnion('driver', [localSite, kubernetesSite, memorySite]);

export const sites = z
  .strictObject({
    primary: site.describe('Home: where the application runs when nothing is wrong.'),
    recovery: site.describe('The refuge: where it runs after a failover.'),
  })
  .describe('The two places where the application lives. Their roles never change; which of them is active does.');
