import { stagedKinds } from '../../model/stage';
import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { quote } from '../quote';

/** Kinds that start something by being there. */
const starting: readonly string[] = ['Pod', 'Job', 'ReplicaSet', 'ReplicationController'];

/** Objects are staged between clusters, and what would run at the standby is not. */
export function* staging(runbook: Part): Iterable<Problem> {
  const stage = runbook.at('stage');
  if (!stage.present) return;
  for (const role of ['primary', 'recovery']) {
    const driver = runbook.at('sites').at(role).at('driver').text;
    if (driver === undefined || driver === 'kubernetes') continue;
    const message = `nothing can be staged: the ${role} site is of driver ${quote(driver)}, and only Kubernetes sites have objects`;
    yield stage.problem('StageImpossible', message, { at: 'key' });
    return;
  }
  for (const custom of stage.at('customResources').items) {
    const kind = custom.at('kind');
    if (starting.includes(kind.text ?? '')) {
      yield kind.problem('StageImpossible', `a ${kind.text} would run at the standby as soon as it is there`);
    } else if (stagedKinds.some((one) => one === kind.text)) {
      yield kind.problem('StageImpossible', `${quote(kind.text ?? '')} is no custom resource; name it in \`kinds\``);
    }
  }
}

/** Maps are read both ways: what two names become could not be turned back. */
export function* stageMaps(runbook: Part): Iterable<Problem> {
  for (const key of ['storageClasses', 'images', 'ingressHosts']) {
    const map = runbook.at('stage').at(key);
    const first = new Map<string, Part>();
    for (const from of map.keys) {
      const to = map.at(from);
      if (to.text === undefined) continue;
      const other = first.get(to.text);
      if (other === undefined) first.set(to.text, to);
      else {
        const message = `${quote(to.text)} is there already: on the way back it could be either`;
        yield to.problem('StageMapAmbiguous', message, { first: other.path });
      }
    }
  }
}
