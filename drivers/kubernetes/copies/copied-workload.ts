import { SwitchbackFailure } from '../../../core/model/failure';
import { builtInKind } from '../kinds/kinds';
import type { WorkloadObject } from '../kube-object';
import { annotation, recordedReplicas } from '../workloads/annotations';
import { mergePatch } from './merge-patch';

/** Its spec as if it were stopped, and how many instances a start has to give it. */
export function copiedWorkload(kindName: string, object: WorkloadObject) {
  const kind = builtInKind(kindName);
  if (kind === undefined) throw new RangeError(`there is no kind ${kindName}`);
  assertConfined(kindName, object);
  const replicas = kind.wanted(object) > 0 ? kind.original(object) : recordedReplicas(object);
  return {
    annotations: replicas === undefined ? {} : { [annotation.replicas]: replicas },
    spec: mergePatch(object.spec, kind.stopped()),
  };
}

/** Network policies do not hold for pods in the network of their node. */
function assertConfined(kind: string, { metadata: { name }, spec }: WorkloadObject): void {
  const template = spec.jobTemplate?.spec?.template ?? spec.template;
  if (template?.spec?.hostNetwork !== true) return;
  const message = `${kind} ${name} uses the network of its nodes (hostNetwork): a copy of it could reach production, so no drill is held with it`;
  throw new SwitchbackFailure('InvalidInput', message, { kind, name });
}
