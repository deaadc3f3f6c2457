import { isStatus } from '../client/kube-error';
import { selects } from '../kinds/label-selector';
import type { KubeObject } from '../kube-object';
import { isStaged } from './ownership';
import { failAt } from './read-kinds';
import { refusalOf } from './refusal';
import { dryly, objectTitle, type KindObjects, type Staging } from './staging';

/**
 * Deletes at the standby what Switchback has put there and the active site has no more; each only as long as it is the object that
 * was read, so that nothing goes that was started or taken over meanwhile.
 */
export async function pruneKind(staging: Staging, { kind, source, target }: KindObjects): Promise<void> {
  const { request, record, context } = staging;
  const names = new Set(source.map(({ metadata }) => metadata.name));
  const gone = target.filter((object) => isStaged(object, request.group) && !names.has(object.metadata.name));
  for (const object of gone) {
    const title = objectTitle(kind, object.metadata.name);
    const why = kind.neverDeleted ?? (kind.runs?.(object) ? 'it runs here' : undefined);
    if (why !== undefined) {
      record.kept(title, `the active site has it no more, but ${why}`);
      continue;
    }
    context.signal.throwIfAborted();
    if (!(await deleteObject(staging, { kind, object }))) return;
  }
}

/** False: the worker may not. */
async function deleteObject(
  staging: Staging,
  { kind, object }: { readonly kind: KindObjects['kind']; readonly object: KubeObject },
): Promise<boolean> {
  const { target, record, context } = staging;
  const { name, uid, resourceVersion } = object.metadata;
  const title = objectTitle(kind, name);
  const body = { preconditions: { uid, resourceVersion }, propagationPolicy: 'Background' };
  const path = target.path(kind.apiVersion, kind.plural, name);
  try {
    await target.client.text({ method: 'DELETE', path, query: dryly(staging), body, signal: context.signal });
    record.change(title, 'deleted');
  } catch (error) {
    if (isStatus(error, 404)) return true;
    const refusal = refusalOf(error, target, kind);
    if (refusal === undefined) return failAt(target, error);
    if (refusal.kind === 'changed') record.kept(title, 'the active site has it no more, but it was changed meanwhile');
    else record.trouble(refusal.kind === 'forbidden' ? kind.kind : title, refusal.because);
    return refusal.kind !== 'forbidden';
  }
  return true;
}

/** Workloads of the runbook whose objects the active site lacks: then it is not in a state to say what is gone. */
export function missingWorkloads({ request }: Staging, kinds: readonly KindObjects[]): readonly string[] {
  return request.workloads.flatMap(({ name, kubernetes }) => {
    const objects = kinds.find(({ kind }) => kind.kind === kubernetes?.kind)?.source;
    if (kubernetes === undefined || objects === undefined) return [];
    const found = objects.some(({ metadata }) =>
      kubernetes.name === undefined
        ? selects({ matchLabels: kubernetes.selector ?? {} }, metadata.labels)
        : metadata.name === kubernetes.name,
    );
    return found ? [] : [name];
  });
}
