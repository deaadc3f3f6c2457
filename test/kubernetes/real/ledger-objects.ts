import { labImages } from '../../../lab/kubernetes/images/lab-images';

export const namespace = 'shop';
/** Where the pods of the ledger listen. */
export const ledgerPort = 8080;

export const claim = {
  metadata: { name: 'orders' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

/** Each pod is a ledger of its own name to its customers, so that they can tell who acknowledged what. */
const env = [
  { name: 'SWITCHBACK_SITE', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  { name: 'SWITCHBACK_ADDRESS', value: '0.0.0.0' },
  { name: 'SWITCHBACK_PORT', value: String(ledgerPort) },
  { name: 'SWITCHBACK_EPOCH', value: '1' },
  { name: 'SWITCHBACK_FENCE_FILE', value: '/tmp/fence' },
  { name: 'SWITCHBACK_ISOLATED_MARKER', value: '/tmp/isolated' },
  { name: 'SWITCHBACK_VOLUME_ORDERS', value: '/data' },
];

/** The demo's ledger on a volume, as its users would have it. */
export function ledger(replicas: number): object {
  const container = {
    name: 'ledger',
    image: labImages.shop,
    env,
    readinessProbe: { httpGet: { port: ledgerPort, path: '/health' }, periodSeconds: 1 },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const pod = {
    terminationGracePeriodSeconds: 5,
    containers: [container],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim.metadata.name } }],
  };
  const template = { metadata: { labels: { app: 'ledger' } }, spec: pod };
  const selector = { matchLabels: { app: 'ledger' } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'ledger' },
    // Two pods of one volume would be two ledgers.
    spec: { replicas, strategy: { type: 'Recreate' }, selector, template },
  };
}

export interface LedgerRunbook {
  /** Port at the addresses of both sites. */
  readonly port: number;
  readonly hostedZoneId: string;
  readonly nameServer: string;
}

/** The runbook of the ledger, as a person would write it. */
export const ledgerRunbook = ({ port, hostedZoneId, nameServer }: LedgerRunbook): string => `
switchback: 1
group: shop
objectives: { rpo: 1m, rto: 5m }
execution: { heartbeat: 2s }
sites:
  primary:
    name: paris
    driver: kubernetes
    address: 127.0.1.1
    kubernetes:
      context: alpha
      namespace: ${namespace}
      kubeconfig: kubeconfig
      mover: { image: '${labImages.rsync}', pullPolicy: Never, service: Pod }
  recovery:
    name: berlin
    driver: kubernetes
    address: 127.0.2.1
    kubernetes:
      context: beta
      namespace: ${namespace}
      kubeconfig: kubeconfig
      mover: { image: '${labImages.rsync}', pullPolicy: Never, service: Pod }
volumes:
  - { name: orders, marker: { file: orders.log }, kubernetes: { claim: orders } }
replication: { every: 15s }
workloads:
  - name: ledger
    volumes: [orders]
    kubernetes: { kind: Deployment, name: ledger }
    checks: [{ name: ledger answers, http: { port: ${port}, path: /health }, interval: 100ms, successes: 1 }]
traffic:
  - name: shop.example.test
    ttl: 2s
    moveTtl: 1s
    provider: { driver: route53, hostedZoneId: ${hostedZoneId}, nameServers: ['${nameServer}'], resolver: '${nameServer}' }
`;
