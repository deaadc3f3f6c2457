import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { until } from '../../integration/faults/until';
import { podOnVolume } from './pod-on-volume';

/** Lets no pod into the namespace any more; the result lets them in again. Admission has taken notice when either returns. */
export async function noRoomFor(client: KubeClient, namespace: string, name: string): Promise<() => Promise<void>> {
  const quotas = `/api/v1/namespaces/${namespace}/resourcequotas`;
  const refused = async (): Promise<boolean> => refusesPods(client, namespace, name);
  await client.create(quotas, { metadata: { name }, spec: { hard: { pods: '0' } } });
  await until(`the quota ${name} is known`, refused);
  return async () => {
    await client.request({ method: 'DELETE', path: `${quotas}/${name}` });
    await until(`the quota ${name} is forgotten`, async () => !(await refused()));
  };
}

/** Asked without making one. */
async function refusesPods(client: KubeClient, namespace: string, quota: string): Promise<boolean> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  try {
    await client.request({ method: 'POST', path, query: { dryRun: 'All' }, body: podOnVolume('asked') });
    return false;
  } catch (error) {
    if (isStatus(error, 403) && String(error).includes(`exceeded quota: ${quota}`)) return true;
    if (isStatus(error, 403) && String(error).includes(`status unknown for quota: ${quota}`)) return false;
    throw error;
  }
}
