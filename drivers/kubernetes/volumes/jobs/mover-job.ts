import { recordName } from '../record/volume-record';
import { labelsOf, volumeLabel, type VolumePlace } from '../volume-place';
import type { MadeOf } from './made-claim';
import { type MoverScript, scriptOf } from './scripts';

/** A claim that the pod has at /mnt/<at>. */
export interface Mount {
  readonly at: 'volume' | 'points' | 'previous';
  readonly claim: string;
  readonly readOnly: boolean;
  /** The claim is made for the pod, of a snapshot, and goes with its Job. */
  readonly madeOf?: MadeOf;
}

/** A Job of one pod that does something with a volume. */
export interface MoverTask {
  readonly place: VolumePlace;
  /** Of the pass that it belongs to. */
  readonly pass: string;
  readonly script: MoverScript;
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
  /** The Secret that it has at /mnt/keys. */
  readonly keys?: boolean;
}

/**
 * Kept so long after its end when nobody could remove it, as when its worker has died or its API server is away; what belongs to it
 * goes with it. Nobody comes back for what only looks.
 */
const keptForSeconds = (script: MoverScript): number => (script === 'look' ? 60 : 3_600);
/** A pod that serves lasts longer than the one that it serves, whose end is the one that is told; both may take minutes to come up. */
const servesLongerSeconds = 900;
/** The renames of a swap that was begun are finished in it. */
const graceSeconds = 30;

/** "switchback-pull-3f2a91c07b" */
export const jobName = ({ script, pass }: Pick<MoverTask, 'script' | 'pass'>): string => `switchback-${script}-${pass}`;

/** Root with what copying owners, modes and folders of others needs, and sshd to give up its rights; Pod Security "baseline" allows it. */
const securityContext = {
  runAsUser: 0,
  runAsGroup: 0,
  runAsNonRoot: false,
  allowPrivilegeEscalation: false,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: {
    drop: ['ALL'],
    add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETGID', 'SETUID', 'SYS_CHROOT'],
  },
};

/** Whether something has to be there before its pod may begin. */
export const isHeldBack = ({ keys = false, mounts }: MoverTask): boolean =>
  keys || mounts.some(({ madeOf }) => madeOf !== undefined);

/** The Job begins when its keys and claims are there: until then it is suspended. `node`: only this one can attach what it mounts. */
export function moverJob(task: MoverTask, node: string | undefined): object {
  const { place, pass, script, mounts } = task;
  const writes = mounts.some(({ at, readOnly }) => at === 'volume' && !readOnly);
  const labels = {
    ...labelsOf(place),
    [volumeLabel.pass]: pass,
    [volumeLabel.mover]: script,
    [volumeLabel.writes]: String(writes),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: jobName(task), labels },
    spec: {
      suspend: isHeldBack(task),
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      // Another pod would write beside one whose node does not answer.
      podReplacementPolicy: 'Failed',
      activeDeadlineSeconds: place.settings.timeoutSeconds + (script === 'serve' ? servesLongerSeconds : 0),
      ttlSecondsAfterFinished: keptForSeconds(script),
      template: { metadata: { labels }, spec: podSpec(task, node) },
    },
  };
}

function podSpec(task: MoverTask, node: string | undefined): object {
  const { place, pass, script, mounts, env, keys = false } = task;
  const { image, pullPolicy } = place.mover;
  const values = { PASS: pass, MARKER: place.volume.marker?.file ?? '', ...env };
  const keyVolume = { name: 'keys', secret: { secretName: jobName({ script, pass }), defaultMode: 0o400 } };
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: graceSeconds,
    ...(node !== undefined && { affinity: onNode(node) }),
    containers: [
      {
        name: 'mover',
        image,
        ...(pullPolicy !== undefined && { imagePullPolicy: pullPolicy }),
        command: ['sh', '-c', scriptOf(script)],
        env: [
          ...Object.entries(values).map(([name, value]) => ({ name, value })),
          { name: 'ADDRESS', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          {
            name: 'WRITER',
            valueFrom: { configMapKeyRef: { name: recordName(place), key: 'writer', optional: true } },
          },
        ],
        securityContext,
        volumeMounts: [
          { name: 'tmp', mountPath: '/mnt/tmp' },
          ...(keys ? [{ name: 'keys', mountPath: '/mnt/keys', readOnly: true }] : []),
          ...mounts.map(({ at, readOnly }) => ({ name: at, mountPath: `/mnt/${at}`, readOnly })),
        ],
      },
    ],
    volumes: [
      { name: 'tmp', emptyDir: {} },
      ...(keys ? [keyVolume] : []),
      ...mounts.map(({ at, claim }) => ({ name: at, persistentVolumeClaim: { claimName: claim } })),
    ],
  };
}

const onNode = (node: string): object => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
    },
  },
});
