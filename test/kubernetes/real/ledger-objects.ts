import { labImages } from '../../../lab/kubernetes/images/lab-images';

export const namespace = 'shop';
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
  - { name: orders, marker: { file: orders/orders.log }, kubernetes: { claim: orders } }
replication: { every: 15s }
workloads:
  - name: ledger
    volumes: [orders]
    kubernetes: { kind: Deployment, name: ledger }
    # Its pods name themselves where others name their site.
    checks: [{ name: ledger answers, http: { port: ${port}, path: /health, accept: [elsewhere] }, interval: 100ms, successes: 1 }]
traffic:
  - name: shop.example.test
    ttl: 2s
    moveTtl: 1s
    provider: { driver: route53, hostedZoneId: ${hostedZoneId}, nameServers: ['${nameServer}'], resolver: '${nameServer}' }
`;
