import { isReady } from '../../../drivers/kubernetes/kinds/pods-of';
import type { ObjectMeta, Pod } from '../../../drivers/kubernetes/kube-object';

export interface Service {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: {
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly clusterIP?: string;
    readonly ports?: readonly ServicePort[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

interface ServicePort {
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly protocol?: string;
}

export interface ServedPod extends Pod {
  readonly metadata: Pod['metadata'] & { readonly namespace: string };
  readonly spec: Omit<Pod['spec'], 'containers'> & { readonly containers: readonly ServedContainer[] };
  readonly status: Pod['status'] & { readonly podIP?: string };
}

interface ServedContainer {
  readonly name: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

/** By which of its addresses a Service is asked. */
export const portKinds = ['ClusterIP', 'NodePort', 'LoadBalancer'] as const;
export type PortKind = (typeof portKinds)[number];

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** An address of a Service, and the pods that answer there now. */
export interface ServedPort extends Endpoint {
  readonly kind: PortKind;
  readonly endpoints: readonly Endpoint[];
}

/** What has to be listened to for these Services, and for whom. TCP only. */
export function servedPorts(
  services: readonly Service[],
  pods: readonly ServedPod[],
  nodeAddress: string,
): readonly ServedPort[] {
  return services.flatMap((service) => {
    const ready = pods.filter((pod) => isSelected(service, pod) && isReady(pod));
    return (service.spec.ports ?? [])
      .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
      .flatMap((port) => {
        const endpoints = ready.flatMap((pod) => endpointOf(pod, port));
        return addressesOf(service, port, nodeAddress).map((address) => ({ ...address, endpoints }));
      });
  });
}

function isSelected({ metadata, spec: { selector } }: Service, pod: ServedPod): boolean {
  if (selector === undefined || pod.metadata.namespace !== metadata.namespace) return false;
  return Object.entries(selector).every(([label, value]) => pod.metadata.labels?.[label] === value);
}

function endpointOf({ spec, status }: ServedPod, { port, targetPort = port }: ServicePort): readonly Endpoint[] {
  const named = spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === targetPort);
  const number = typeof targetPort === 'number' ? targetPort : named?.containerPort;
  return number === undefined || status.podIP === undefined ? [] : [{ host: status.podIP, port: number }];
}

function addressesOf(
  { spec: { clusterIP = 'None' }, status }: Service,
  { port, nodePort }: ServicePort,
  nodeAddress: string,
): readonly Omit<ServedPort, 'endpoints'>[] {
  const balancers = status?.loadBalancer?.ingress ?? [];
  return [
    ...(clusterIP === 'None' ? [] : [{ kind: 'ClusterIP' as const, host: clusterIP, port }]),
    ...(nodePort === undefined ? [] : [{ kind: 'NodePort' as const, host: nodeAddress, port: nodePort }]),
    ...balancers.flatMap(({ ip }) => (ip === undefined ? [] : [{ kind: 'LoadBalancer' as const, host: ip, port }])),
  ];
}
