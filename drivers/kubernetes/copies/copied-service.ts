export interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly externalIPs?: readonly string[];
  readonly ports?: readonly { readonly port?: number; readonly nodePort?: number }[];
  readonly [field: string]: unknown;
}

/** What the cluster, or its provider, has given a Service: an address or a port that no second one may have. */
const given = [
  'clusterIP',
  'clusterIPs',
  'externalIPs',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'loadBalancerIP',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
  'allocateLoadBalancerNodePorts',
];

/**
 * The Service of a copy. One that answers outside of the cluster in production answers at the address of copies, at every node
 * and for every pod: a load balancer of its own would cost money, and might be open to everybody. An address of the worker's own
 * machine is led to the copy by somebody else, `kubectl port-forward` for example: Kubernetes takes none of these.
 */
export function copiedService(spec: ServiceSpec, address: string): object {
  if (spec.type === 'ExternalName') return spec;
  const rest = Object.fromEntries(Object.entries(spec).filter(([field]) => !given.includes(field)));
  const outside = spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.externalIPs ?? []).length > 0;
  return {
    ...rest,
    type: 'ClusterIP',
    ports: (spec.ports ?? []).map(({ nodePort: _taken, ...port }) => port),
    ...(spec.clusterIP === 'None' && { clusterIP: 'None' }),
    ...(outside && !address.startsWith('127.') && { externalIPs: [address] }),
  };
}
