import type { FoundIngress, FoundService } from '../../../core/model/namespace-inventory';
import type { Ingress, LoadBalanced, Service } from './found-objects';

const addressesOf = (status: LoadBalanced | undefined): readonly string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);

export function foundService({ metadata, spec, status }: Service): FoundService {
  return {
    name: metadata.name,
    type: spec.type ?? 'ClusterIP',
    selector: spec.selector ?? {},
    headless: spec.clusterIP === 'None',
    addresses: addressesOf(status),
    ports: (spec.ports ?? []).map(({ name, protocol = 'TCP', port, targetPort = port, nodePort }) => ({
      ...(name !== undefined && { name }),
      protocol,
      port,
      targetPort,
      ...(nodePort !== undefined && { nodePort }),
    })),
  };
}

export function foundIngress({ metadata, spec, status }: Ingress): FoundIngress {
  const fallback = spec.defaultBackend === undefined ? [] : [{ http: { paths: [{ backend: spec.defaultBackend }] } }];
  const rules: NonNullable<Ingress['spec']['rules']> = [...(spec.rules ?? []), ...fallback];
  return {
    name: metadata.name,
    addresses: addressesOf(status),
    tlsHosts: (spec.tls ?? []).flatMap(({ hosts }) => hosts ?? []),
    rules: rules.flatMap(({ host, http }) =>
      (http?.paths ?? []).flatMap(({ path = '/', backend: { service } }) => {
        if (service === undefined) return [];
        const port = service.port?.number ?? service.port?.name;
        return [
          { ...(host !== undefined && { host }), path, service: service.name, ...(port !== undefined && { port }) },
        ];
      }),
    ),
  };
}
