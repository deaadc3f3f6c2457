import path from 'node:path';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { nodePlace } from '../../../lab/kubernetes/nodes/node-place';

interface Claim {
  readonly spec: { readonly volumeName?: string };
}

export const claimsIn = (namespace: string): string => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;

/** Folder of the volume that a claim is bound to; undefined: there is no such claim, or it is not bound yet. */
export async function claimFolder(
  cluster: Pick<Cluster, 'client' | 'kubeconfig'>,
  namespace: string,
  name: string,
): Promise<string | undefined> {
  try {
    return folderOfClaim(cluster, await cluster.client.get<Claim>(`${claimsIn(namespace)}/${name}`));
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** As above, of a claim that was read. */
export const folderOfClaim = (
  { kubeconfig }: Pick<Cluster, 'kubeconfig'>,
  { spec: { volumeName } }: Claim,
): string | undefined => volumeName && path.join(nodePlace(path.dirname(kubeconfig)).volumes, volumeName);

/** Folder of a claim that must be there. */
export async function volumeFolder(...of: Parameters<typeof claimFolder>): Promise<string> {
  const found = await claimFolder(...of);
  if (found === undefined) throw new Error(`the claim ${of[2]} in ${of[1]} is not bound`);
  return found;
}
