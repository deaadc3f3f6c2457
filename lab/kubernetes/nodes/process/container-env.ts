import type { KubeClient } from '../../../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../../../drivers/kubernetes/client/kube-error';
import { NotThereYet, type Container, type EnvVariable, type KeyRef, type NodePod } from './pod';

type Env = Readonly<Record<string, string>>;

export interface PodAddress {
  readonly podIP: string;
  readonly hostIP: string;
}

/** As images of the lab have it. */
const ofImage: Env = { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };

/** The environment of the container, with ConfigMaps and Secrets as they are now. Throws `NotThereYet`. */
export async function containerEnv(client: KubeClient, pod: NodePod, address: PodAddress): Promise<Env> {
  let env: Env = { ...ofImage, HOSTNAME: pod.metadata.name };
  for (const variable of pod.spec.containers[0]?.env ?? []) {
    const value = await valueOf(client, pod, address, variable);
    if (value !== undefined) env = { ...env, [variable.name]: expand(value, env) };
  }
  return env;
}

export const commandOf = ({ command = [], args = [] }: Container, env: Env): readonly string[] =>
  [...command, ...args].map((word) => expand(word, env));

/** As a kubelet does it: `$(NAME)` is the variable, when there is one; `$$` is `$`. Everything else stays. */
function expand(text: string, env: Env): string {
  return text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (all, name?: string) => {
    if (name === undefined) return '$';
    return env[name] ?? all;
  });
}

async function valueOf(
  client: KubeClient,
  pod: NodePod,
  { podIP, hostIP }: PodAddress,
  { name, value, valueFrom }: EnvVariable,
): Promise<string | undefined> {
  const { namespace } = pod.metadata;
  if (valueFrom?.configMapKeyRef !== undefined)
    return keyOf(client, `configmaps`, namespace, valueFrom.configMapKeyRef);
  if (valueFrom?.secretKeyRef !== undefined) {
    const encoded = await keyOf(client, 'secrets', namespace, valueFrom.secretKeyRef);
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
  }
  if (valueFrom?.fieldRef === undefined) return value ?? '';
  const fields: Env = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': namespace,
    'metadata.uid': pod.metadata.uid,
    'status.podIP': podIP,
    'status.hostIP': hostIP,
  };
  const field = fields[valueFrom.fieldRef.fieldPath];
  if (field === undefined)
    throw new NotThereYet('CreateContainerConfigError', `${name}: no field ${valueFrom.fieldRef.fieldPath} here`);
  return field;
}

async function keyOf(
  client: KubeClient,
  collection: 'configmaps' | 'secrets',
  namespace: string,
  { name, key, optional = false }: KeyRef,
): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${namespace}/${collection}/${name}`;
  const found = await client.get<{ data?: Env }>(path).catch((error: unknown) => {
    if (isStatus(error, 404)) return undefined;
    throw error;
  });
  const value = found?.data?.[key];
  if (value !== undefined || optional) return value;
  const why = found === undefined ? `"${name}" not found` : `"${name}" has no key "${key}"`;
  throw new NotThereYet('CreateContainerConfigError', `${collection} ${why}`);
}
