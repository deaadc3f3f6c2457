import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../../../core/model/failure';
import type { MoverService } from '../../../../core/model/site';
import type { CallContext } from '../../../ports';
import { atSite } from '../../cluster';
import type { KubeObject, Pod } from '../../kube-object';
import { assertReadable } from '../claim-users';
import { awaitRunning } from '../jobs/await-task';
import { jobName, type MoverTask } from '../jobs/mover-job';
import { treeScript } from '../jobs/scripts';
import { startTask } from '../jobs/start-task';
import { type SshKey } from '../keys/ssh-keys';
import { mountOf, type PointData } from '../points/point-data';
import { named, readClaim, claimMissing, volumeLabel, type VolumePlace } from '../volume-place';

export const sshPort = 2222;

/** A folder of a claim that a pod gives away. */
export interface Served {
  readonly place: VolumePlace;
  /** The volume, or one of its recovery points. */
  readonly data: PointData;
  readonly service: MoverService;
}

export interface Reached {
  readonly host: string;
  readonly port: number;
}

interface Service extends KubeObject {
  readonly spec: { readonly clusterIP?: string; readonly ports?: readonly { readonly nodePort?: number }[] };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

const addressWithinSeconds = 180;

/** The task of the pod; its Job, keys and service have one name. */
const serveTask = ({ place, data }: Served, pass: string): MoverTask => ({
  place,
  pass,
  script: 'serve',
  mounts: [mountOf('volume', data)],
  env: { SOURCE: `/mnt/volume${data.folder}`, TREE: treeScript() },
  keys: true,
});

/** Begins to give the folder away to the one key, and says where it is reached when the pod runs. */
export async function serve(
  served: Served,
  { pass, host, client }: { readonly pass: string; readonly host: SshKey; readonly client: SshKey },
  context: CallContext,
): Promise<Reached> {
  const { place, service } = served;
  const { cluster } = place;
  return atSite(cluster, async () => {
    if (served.data.madeOf === undefined) await assertServable({ ...place, claim: served.data.claim });
    const task = serveTask(served, pass);
    const { signal } = context;
    await startTask(task, {
      keys: { host: host.privateKey, authorized: client.publicLine },
      context,
      ...(service !== 'Pod' && {
        more: async (metadata) =>
          cluster.client.create(cluster.path('v1', 'services'), serviceFor(task, service, metadata), signal),
      }),
    });
    const pod = await awaitRunning(task, context);
    return reach(task, service, pod, context);
  });
}

async function assertServable(place: VolumePlace): Promise<void> {
  const claim = await readClaim(place);
  if (claim === undefined) throw claimMissing(place);
  await assertReadable(place, claim);
}

const serviceFor = ({ pass, script }: MoverTask, type: MoverService, metadata: object): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata,
  spec: {
    type,
    selector: { [volumeLabel.pass]: pass, [volumeLabel.mover]: script },
    ports: [{ name: 'ssh', port: sshPort, targetPort: sshPort, protocol: 'TCP' }],
  },
});

async function reach(task: MoverTask, type: MoverService, { status }: Pod, context: CallContext): Promise<Reached> {
  const { place } = task;
  const { cluster, mover } = place;
  if (type === 'Pod') return { host: status.podIP ?? '', port: sshPort };
  const read = async (): Promise<Service> => cluster.client.get<Service>(cluster.path('v1', 'services', jobName(task)));
  if (type !== 'LoadBalancer') {
    const { spec } = await read();
    if (type === 'ClusterIP') return { host: spec.clusterIP ?? '', port: sshPort };
    return { host: mover.host ?? status.hostIP ?? '', port: spec.ports?.[0]?.nodePort ?? 0 };
  }
  const seconds = mover.addressWithinSeconds ?? addressWithinSeconds;
  for (const since = performance.now(); performance.now() - since < seconds * 1000;) {
    const [ingress] = (await read()).status?.loadBalancer?.ingress ?? [];
    const host = ingress?.ip ?? ingress?.hostname;
    if (host !== undefined) return { host, port: sshPort };
    context.progress({ doing: `waiting for the address of service ${jobName(task)}` });
    await pause(500, undefined, { signal: context.signal });
  }
  const message = `the service ${jobName(task)} for ${named(place)} got no address from a load balancer within ${seconds} s; look at \`kubectl describe service\`, or give it longer with mover.addressWithin`;
  throw new SwitchbackFailure('MoverFailed', message, { volume: place.volume.name, site: cluster.site.name });
}
