import { labImages } from '../../../lab/kubernetes/images/lab-images';

export const podsIn = '/api/v1/namespaces/default/pods';
export const claimsIn = '/api/v1/namespaces/default/persistentvolumeclaims';
export const secretsIn = '/api/v1/namespaces/default/secrets';

/** Of the default class; with what was in the volume when that snapshot was taken. */
export function claim(name: string, snapshot?: string): object {
  const dataSource = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: snapshot };
  const spec = {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    ...(snapshot !== undefined && { dataSource }),
  };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec };
}

const dataFrom = (claimName: string): object => ({ name: 'data', persistentVolumeClaim: { claimName } });
const atData = { name: 'data', mountPath: '/data' };

/** Where the pods of the ledger listen. */
export const ledgerPort = 8080;
/** Where its log is in its volume. */
export const ledgerLog = 'orders/orders.log';

interface LedgerOptions {
  readonly replicas?: number;
  /** Each pod says its own name to its customers, so that they can tell who acknowledged what. */
  readonly ownNames?: true;
}

/** The demo's ledger on a volume. */
export function ledger(name: string, claimName: string, { replicas = 1, ownNames }: LedgerOptions = {}): object {
  const ofPod = { valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };
  const env = {
    SWITCHBACK_ADDRESS: '0.0.0.0',
    SWITCHBACK_PORT: String(ledgerPort),
    SWITCHBACK_EPOCH: '1',
    SWITCHBACK_FENCE_FILE: '/data/fence',
    SWITCHBACK_ISOLATED_MARKER: '/data/isolated',
    SWITCHBACK_VOLUME_ORDERS: '/data/orders',
  };
  const container = {
    name: 'ledger',
    image: labImages.shop,
    env: [
      { name: 'SWITCHBACK_SITE', ...(ownNames ? ofPod : { value: name }) },
      ...Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    ],
    readinessProbe: { httpGet: { port: ledgerPort, path: '/health' }, periodSeconds: 1 },
    volumeMounts: [atData],
  };
  const labels = { app: name };
  const pod = { terminationGracePeriodSeconds: 5, containers: [container], volumes: [dataFrom(claimName)] };
  const template = { metadata: { labels }, spec: pod };
  // Two pods of one volume would be two ledgers.
  const spec = { replicas, strategy: { type: 'Recreate' }, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
}

/** Fetches a page, prints it and ends. */
export function customer(name: string, url: string): object {
  const script = `fetch(${JSON.stringify(url)}).then((answer) => answer.text()).then(console.log)`;
  return pod(name, { image: labImages.shop, command: ['node', '-e', script] });
}

/** Serves a volume over SSH to whoever has the key. */
export function sshServer(name: string, claimName: string, publicKey: string): object {
  const script = [
    'ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key',
    'mkdir -p -m 700 /root/.ssh',
    'echo "$KEY" > /root/.ssh/authorized_keys',
    'exec /usr/sbin/sshd -D -e -p 2222',
  ].join(' && ');
  return pod(
    name,
    {
      image: labImages.rsync,
      command: ['sh', '-c', script],
      env: [{ name: 'KEY', value: publicKey }],
      readinessProbe: { tcpSocket: { port: 2222 }, periodSeconds: 1 },
      volumeMounts: [atData],
    },
    [dataFrom(claimName)],
  );
}

/** Copies what an SSH server has to a volume of its own, and ends. */
export function copier(name: string, claimName: string, from: string): object {
  // What hangs ends, and says where.
  const ssh = 'ssh -o ConnectTimeout=30 -i /key/id -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null';
  const mounts = [atData, { name: 'key', mountPath: '/key', readOnly: true }];
  return pod(
    name,
    {
      image: labImages.rsync,
      command: ['rsync', '-a', '--timeout=30', '-e', ssh, `root@${from}:/data/`, '/data/'],
      volumeMounts: mounts,
    },
    [dataFrom(claimName), { name: 'key', secret: { secretName: 'key', defaultMode: 0o400 } }],
  );
}

function pod(name: string, container: object, volumes: readonly object[] = []): object {
  const spec = { restartPolicy: 'Never', containers: [{ name: 'main', ...container }], volumes };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name } }, spec };
}
