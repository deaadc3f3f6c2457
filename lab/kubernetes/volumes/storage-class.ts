import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';

/** Its PersistentVolumes are folders of this machine; the class of every claim that names none. */
export const storageClass = 'lab';

export const provisioner = 'lab.switchback.dev/folders';

export async function makeStorageClass(client: KubeClient): Promise<void> {
  await client.create('/apis/storage.k8s.io/v1/storageclasses', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: storageClass, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  });
}
