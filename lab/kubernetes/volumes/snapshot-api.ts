import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { LabProcesses } from '../../processes/lab-processes';
import { provisioner } from './storage-class';

const group = 'snapshot.storage.k8s.io';
const version = 'v1';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

export const snapshotApi = `/apis/${group}/${version}`;
export const snapshotVersion = `${group}/${version}`;

/** Snapshots of it are copies of the folder of a volume; the class of every snapshot that names none. */
export const snapshotClass = 'lab';

const kinds: readonly (readonly [kind: string, plural: string, scope: 'Namespaced' | 'Cluster'])[] = [
  ['VolumeSnapshot', 'volumesnapshots', 'Namespaced'],
  ['VolumeSnapshotContent', 'volumesnapshotcontents', 'Cluster'],
  ['VolumeSnapshotClass', 'volumesnapshotclasses', 'Cluster'],
];

/**
 * The kinds of the snapshots of https://github.com/kubernetes-csi/external-snapshotter with the names of its fields, which are not
 * checked here, and a class. Resolves when they are served.
 */
export async function makeSnapshotApi(client: KubeClient, processes: LabProcesses): Promise<void> {
  await Promise.all(
    kinds.map(async ([kind, plural, scope]) => client.create(definitions, definition(kind, plural, scope))),
  );
  const isServed = async (plural: string): Promise<boolean> =>
    client.get(`${snapshotApi}/${plural}`).then(
      () => true,
      (error: unknown) => {
        if (isStatus(error, 404)) return false;
        throw error;
      },
    );
  await processes.until(async () =>
    (await Promise.all(kinds.map(async ([, plural]) => isServed(plural)))).every(Boolean),
  );
  await client.create(`${snapshotApi}/volumesnapshotclasses`, {
    apiVersion: snapshotVersion,
    kind: 'VolumeSnapshotClass',
    metadata: { name: snapshotClass, annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' } },
    driver: provisioner,
    deletionPolicy: 'Delete',
  });
}

function definition(kind: string, plural: string, scope: string): object {
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // Without it nobody may define a kind of a group that belongs to Kubernetes.
      annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-csi/external-snapshotter' },
    },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: anything },
          ...(kind !== 'VolumeSnapshotClass' && { subresources: { status: {} } }),
        },
      ],
    },
  };
}
