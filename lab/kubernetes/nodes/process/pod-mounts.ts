import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KubeClient } from '../../../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../../../drivers/kubernetes/client/kube-error';
import { NotThereYet, type NodePod, type PodVolume, type Projection } from './pod';

/** What is seen in the pod at `target`. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** Files of the volumes of a pod below the folder, and where they belong. Throws `NotThereYet`. */
export async function podMounts(client: KubeClient, pod: NodePod, folder: string): Promise<readonly Mount[]> {
  const sources = new Map<string, Omit<Mount, 'target'>>();
  for (const volume of pod.spec.volumes ?? [])
    sources.set(volume.name, await sourceOf(client, pod, volume, path.join(folder, volume.name)));
  const mounts: Mount[] = [];
  for (const { name, mountPath, readOnly = false, subPath } of pod.spec.containers[0]?.volumeMounts ?? []) {
    const volume = sources.get(name);
    if (volume === undefined) throw new NotThereYet('CreateContainerConfigError', `no volume is named ${name}`);
    const source = path.join(volume.source, subPath ?? '');
    await mkdir(source, { recursive: true }).catch(onlyIfThere);
    mounts.push({ source, target: mountPath, readOnly: readOnly || volume.readOnly });
  }
  return mounts;
}

async function sourceOf(
  client: KubeClient,
  { metadata: { namespace } }: NodePod,
  { persistentVolumeClaim, secret, configMap }: PodVolume,
  folder: string,
): Promise<Omit<Mount, 'target'>> {
  const get = async <Result>(path: string): Promise<Result | undefined> =>
    client.get<Result>(path).catch((error: unknown) => {
      if (isStatus(error, 404)) return undefined;
      throw error;
    });
  if (persistentVolumeClaim !== undefined) {
    const { claimName, readOnly = false } = persistentVolumeClaim;
    const claim = await get<{ spec: { volumeName?: string } }>(
      `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claimName}`,
    );
    const volume = await get<{ spec: { hostPath?: { path: string } } }>(
      `/api/v1/persistentvolumes/${claim?.spec.volumeName ?? '-'}`,
    );
    const source = volume?.spec.hostPath?.path;
    if (source === undefined) throw new NotThereYet('ContainerCreating', `claim "${claimName}" has no folder`);
    return { source, readOnly };
  }
  if (secret !== undefined) {
    const found = await get<{ data?: Record<string, string> }>(
      `/api/v1/namespaces/${namespace}/secrets/${secret.secretName}`,
    );
    await project(folder, secret, found, { name: `secret "${secret.secretName}"`, encoding: 'base64' });
    return { source: folder, readOnly: true };
  }
  if (configMap !== undefined) {
    const found = await get<{ data?: Record<string, string> }>(
      `/api/v1/namespaces/${namespace}/configmaps/${configMap.name}`,
    );
    await project(folder, configMap, found, { name: `configmap "${configMap.name}"`, encoding: 'utf8' });
    return { source: folder, readOnly: true };
  }
  await mkdir(folder, { recursive: true });
  // Whoever the container runs as may write.
  await chmod(folder, 0o777);
  return { source: folder, readOnly: false };
}

/** The keys of a Secret or ConfigMap as files. */
async function project(
  folder: string,
  { defaultMode = 0o644, optional = false, items }: Projection,
  found: { readonly data?: Readonly<Record<string, string>> } | undefined,
  { name, encoding }: { readonly name: string; readonly encoding: BufferEncoding },
): Promise<void> {
  if (found === undefined && !optional) throw new NotThereYet('ContainerCreating', `${name} not found`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const data = found?.data ?? {};
  const chosen: Projection['items'] = items ?? Object.keys(data).map((key) => ({ key, path: key }));
  for (const { key, path: place, mode = defaultMode } of chosen) {
    const value = data[key];
    if (value === undefined && optional) continue;
    if (value === undefined) throw new NotThereYet('ContainerCreating', `${name} has no key "${key}"`);
    const file = path.join(folder, place);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(value, encoding));
    // Not with the file, which takes the umask off.
    await chmod(file, mode);
  }
}

function onlyIfThere(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
