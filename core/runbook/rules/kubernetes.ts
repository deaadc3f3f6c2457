import { builtInScalableKinds } from '../../model/workload';
import type { Problem } from '../diagnostic';
import { didYouMean } from '../nearest-name';
import type { Part } from '../part';
import { quote } from '../quote';

export const hasKubernetesSite = (runbook: Part): boolean =>
  ['primary', 'recovery'].some((role) => runbook.at('sites').at(role).at('driver').text === 'kubernetes');

/** At Kubernetes sites each workload says which objects it is, and in one way. */
export function* kubernetesObjects(runbook: Part): Iterable<Problem> {
  const needed = hasKubernetesSite(runbook);
  for (const workload of runbook.at('workloads').items) {
    const object = workload.at('kubernetes');
    if (!object.present) {
      if (!needed || !workload.isMap) continue;
      const message =
        'the key "kubernetes" is missing: the sites are Kubernetes clusters, and need to know which objects it is';
      yield workload.problem('MissingKey', message);
    } else if (object.isMap) yield* nameOrSelector(object);
  }
}

function* nameOrSelector(object: Part): Iterable<Problem> {
  const [name, selector] = [object.at('name'), object.at('selector')];
  if (name.present && selector.present) {
    yield selector.problem('NameAndSelector', 'there is a name already; only one of the two may be here', {
      at: 'key',
      first: name.path,
    });
  }
  if (!name.present && !selector.present)
    yield object.problem('NameAndSelector', 'one of these is missing: name, selector');
  if (selector.isMap && selector.keys.length === 0) {
    yield selector.problem('NameAndSelector', 'a selector without labels would choose every object of the namespace');
  }
  const kind = object.at('kind');
  const other = object.at('apiVersion').present || builtInScalableKinds.includes(kind.text ?? '');
  if (other || !/^[A-Z]\w*$/.test(kind.text ?? '')) return;
  const near = didYouMean(kind.text ?? '', builtInScalableKinds) || '; give its apiVersion';
  const message = `${quote(kind.text ?? '')} is not a kind of Kubernetes itself that can be stopped and started${near}`;
  yield kind.problem('UnknownKind', message);
}

/** Two workloads that name the same object would stop and start each other's. */
export function* sharedObjects(runbook: Part): Iterable<Problem> {
  const users = new Map<string, Part>();
  for (const workload of runbook.at('workloads').items) {
    const object = workload.at('kubernetes');
    const [kind, name] = [object.at('kind').text, object.at('name').text];
    if (kind === undefined || name === undefined) continue;
    const key = `${object.at('apiVersion').text ?? ''} ${kind} ${name}`;
    const user = users.get(key);
    if (user === undefined) {
      users.set(key, workload);
      continue;
    }
    const owner = user.at('name').text ?? '';
    const message = `${kind} ${quote(name)} is the workload ${quote(owner)} already`;
    yield object.problem('ObjectShared', message, { first: user.at('kubernetes').path });
  }
}
