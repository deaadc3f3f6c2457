import type { FoundContainer, FoundKind, FoundWorkload } from '../../../core/model/namespace-inventory';
import { builtInKind } from '../kinds/kinds';
import type { WorkloadObject } from '../kube-object';
import { recordedReplicas } from '../workloads/annotations';
import type { Container, PodTemplate, Templated, Volume } from './found-objects';

/** An object as a workload of a draft. */
export function foundWorkload(kind: FoundKind, object: Templated): FoundWorkload {
  const { metadata, spec } = object;
  const template: PodTemplate = spec.jobTemplate?.spec?.template ?? spec.template ?? {};
  const { containers = [], initContainers = [], volumes = [], terminationGracePeriodSeconds } = template.spec ?? {};
  const [owner] = metadata.ownerReferences ?? [];
  return {
    kind,
    name: metadata.name,
    ...wantedOf(kind, object),
    podLabels: template.metadata?.labels ?? {},
    ...(terminationGracePeriodSeconds !== undefined && { graceSeconds: terminationGracePeriodSeconds }),
    ...(owner !== undefined && { madeBy: `${owner.kind}/${owner.name}` }),
    containers: [...initContainers, ...containers].map(foundContainer),
    mounts: volumes.flatMap(mountsOf),
    claims: [
      ...volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
      ...(spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name),
    ],
  };
}

/** Of what is stopped: as many as whoever stopped it has recorded. */
function wantedOf(kind: FoundKind, object: Templated): Pick<FoundWorkload, 'replicas' | 'stopped'> {
  const wanted = builtInKind(kind)?.wanted(object as WorkloadObject) ?? 1;
  const recorded = Number(recordedReplicas(object) ?? 0);
  const replicas = wanted === 0 && Number.isInteger(recorded) ? recorded : wanted;
  if (replicas <= 0) return { stopped: true };
  return kind === 'Deployment' || kind === 'StatefulSet' ? { replicas } : {};
}

function foundContainer(container: Container): FoundContainer {
  const { name, command = [], args = [], ports = [], env = [], envFrom = [], readinessProbe } = container;
  const { httpGet, tcpSocket } = readinessProbe ?? {};
  return {
    name,
    words: [...command, ...args],
    ports: ports.map((port) => ({ port: port.containerPort, ...(port.name !== undefined && { name: port.name }) })),
    env: env.map(foundVariable),
    envFrom: envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...(configMapRef?.name === undefined ? [] : [{ kind: 'ConfigMap' as const, name: configMapRef.name }]),
      ...(secretRef?.name === undefined ? [] : [{ kind: 'Secret' as const, name: secretRef.name }]),
    ]),
    ...(tcpSocket !== undefined && { readiness: { port: tcpSocket.port } }),
    ...(httpGet !== undefined && {
      readiness: {
        port: httpGet.port,
        path: httpGet.path ?? '/',
        ...(httpGet.scheme === 'HTTPS' && { https: true as const }),
      },
    }),
  };
}

function foundVariable({
  name,
  value,
  valueFrom,
}: NonNullable<Container['env']>[number]): FoundContainer['env'][number] {
  const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  const ref = configMapKeyRef ?? secretKeyRef;
  return {
    name,
    ...(value !== undefined && { value }),
    ...(ref?.name !== undefined && {
      from: { kind: configMapKeyRef === undefined ? 'Secret' : 'ConfigMap', name: ref.name, key: ref.key },
    }),
  };
}

function mountsOf({ configMap, projected }: Volume): FoundWorkload['mounts'] {
  const all = [configMap, ...(projected?.sources ?? []).map((source) => source.configMap)];
  return all.flatMap((one) => {
    if (one?.name === undefined) return [];
    return [{ configMap: one.name, ...(one.items !== undefined && { keys: one.items.map(({ key }) => key) }) }];
  });
}
