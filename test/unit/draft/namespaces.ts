import type {
  FoundContainer,
  FoundService,
  FoundWorkload,
  NamespaceInventory,
} from '../../../core/model/namespace-inventory';

export const container = (more: Partial<FoundContainer> = {}): FoundContainer => ({
  name: 'main',
  env: [],
  envFrom: [],
  words: [],
  ports: [{ name: 'http', port: 8080 }],
  ...more,
});

export const workload = (name: string, more: Partial<FoundWorkload> = {}): FoundWorkload => ({
  kind: 'Deployment',
  name,
  replicas: 2,
  podLabels: { app: name },
  containers: [container()],
  mounts: [],
  claims: [],
  ...more,
});

/** Whose only variable is "TO=<value>". */
export const referring = (name: string, ...values: readonly string[]): FoundWorkload =>
  workload(name, { containers: [container({ env: values.map((value, at) => ({ name: `TO_URL_${at}`, value })) })] });

export const service = (name: string, more: Partial<FoundService> = {}): FoundService => ({
  name,
  type: 'ClusterIP',
  selector: { app: name },
  ports: [{ protocol: 'TCP', port: 80, targetPort: 8080 }],
  headless: false,
  addresses: [],
  ...more,
});

export const inventory = (more: Partial<NamespaceInventory> = {}): NamespaceInventory => ({
  context: 'frankfurt',
  namespace: 'shop',
  workloads: [],
  services: (more.workloads ?? []).map(({ name }) => service(name)),
  ingresses: [],
  autoscalers: [],
  claims: [],
  configMaps: {},
  ...more,
});
