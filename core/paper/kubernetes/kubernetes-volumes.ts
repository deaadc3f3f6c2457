import type { KubernetesSite } from '../../model/site';
import type { VolumeSpec } from '../../model/volume';
import { fed, number, quoted, shellJson } from '../shell';
import type { Place, SitePaper } from '../site-paper';
import { kubectl } from './kubectl';

type KubernetesPlace = Place<KubernetesSite>;

const podOf = (volume: VolumeSpec): string => `switchback-by-hand-${volume.name}`;

/** What Switchback keeps in the root of a volume, and what file systems do: neither is content. */
const NOT_CONTENT = ['.switchback', 'lost+found'];
const notContent = NOT_CONTENT.map((name) => `-path ./${name} -prune -o`).join(' ');
const excluded = NOT_CONTENT.map((name) => `--exclude=/${name}`).join(' ');

const claimOf = ({ site }: KubernetesPlace, { name, kubernetes }: VolumeSpec): string => {
  const claim = kubernetes?.claims[site.name];
  if (claim === undefined) throw new Error(`volume "${name}" names no claim at ${site.name}`);
  return claim;
};

/** A pod that does nothing but mount a claim at /mnt/volume, with the rights of the pods of Switchback's Jobs. */
function pod(place: KubernetesPlace, name: string, claim: string): object {
  const { mover } = place.site.kubernetes;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'switchback-paper' } },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'hand',
          image: mover?.image ?? 'IMAGE-WITH-TAR-AND-RSYNC',
          ...(mover?.pullPolicy !== undefined && { imagePullPolicy: mover.pullPolicy }),
          command: ['sh', '-c', 'sleep 86400'],
          securityContext: {
            runAsUser: 0,
            runAsGroup: 0,
            runAsNonRoot: false,
            allowPrivilegeEscalation: false,
            seccompProfile: { type: 'RuntimeDefault' },
            capabilities: { drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'] },
          },
          volumeMounts: [{ name: 'volume', mountPath: '/mnt/volume' }],
        },
      ],
      volumes: [{ name: 'volume', persistentVolumeClaim: { claimName: claim } }],
    },
  };
}

const inPod = (place: KubernetesPlace, pod: string, script: string, input = false): string =>
  `${kubectl(place)} exec ${input ? '-i ' : ''}${pod} -- sh -c ${quoted(script)}`;

const access = (place: KubernetesPlace, name: string, claim: string) => ({
  open: [
    fed(`${kubectl(place)} apply --filename -`, shellJson(pod(place, name, claim))),
    `${kubectl(place)} wait --for=condition=Ready pod/${name} --timeout=300s`,
  ],
  close: [`${kubectl(place)} delete pod ${name} --wait`],
});

const recordName = (group: string, { name }: VolumeSpec): string =>
  `switchback-volume-${group.replace('~', '.')}-${name}`;

export const kubernetesVolumes: Pick<
  SitePaper<KubernetesSite>,
  'access' | 'read' | 'write' | 'digest' | 'record' | 'recorded' | 'readPoint'
> = {
  access: (place, volume) => access(place, podOf(volume), claimOf(place, volume)),
  // All of it: not every tar can leave something out, and whoever writes it does.
  read: (place, volume) => inPod(place, podOf(volume), 'tar -C /mnt/volume -cf - .'),
  write: (place, volume) =>
    inPod(
      place,
      podOf(volume),
      // Beside the content first: an archive that breaks off leaves the content as it was.
      'rm -rf /mnt/volume/.switchback && mkdir -p /mnt/volume/.switchback/next && tar -C /mnt/volume/.switchback/next -xpf - && ' +
        `rsync -a --delete ${excluded} /mnt/volume/.switchback/next/ /mnt/volume/ && rm -rf /mnt/volume/.switchback`,
      true,
    ),
  digest: (place, volume) =>
    inPod(
      place,
      podOf(volume),
      `cd /mnt/volume && find . ${notContent} -type f -exec sha256sum {} + | sort -k 2 | sha256sum`,
    ),
  record: (place, volume, { role, epoch, asOf }) => {
    const here = kubectl(place);
    const name = recordName(place.group, volume);
    // Passes that Switchback had begun are no longer the ones that may write; the count of changes only has to grow.
    const state = { role, epoch: number(epoch), ...(asOf && { asOf }), changes: number('$(date +%s)'), done: [] };
    return [
      `${here} get configmap ${name} > /dev/null 2>&1 || ${here} create configmap ${name}`,
      `${here} label --overwrite configmap ${name} app.kubernetes.io/managed-by=switchback switchback.dev/volume=${volume.name} switchback.dev/volume-of=${place.group.replace('~', '.')}`,
      fed(
        `${here} patch configmap ${name} --type merge --patch-file /dev/stdin`,
        shellJson({ data: { writer: 'nobody', state: shellJson(state) } }),
      ),
    ].join('\n');
  },
  recorded: (place, volume) =>
    `${kubectl(place)} get configmap ${recordName(place.group, volume)} -o jsonpath='{.data.state}'`,
  // Points are folders of a claim beside the volume (drivers/kubernetes/volumes/points), or with `snapshots:` VolumeSnapshots, of
  // which a claim with this name has to be made first.
  readPoint: (place, volume, point) => {
    const name = `${podOf(volume)}-points`;
    return {
      ...access(place, name, `switchback-points-${claimOf(place, volume)}`),
      command: inPod(place, name, `tar -C ${quoted(`/mnt/volume/${point}`)} -cf - .`),
    };
  },
};
