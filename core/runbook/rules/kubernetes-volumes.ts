import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { quote } from '../quote';
import { hasKubernetesSite } from './kubernetes';

/** A volume that is moved between clusters says in which claims it is, and each site what moves it. */
export function* volumesOfClusters(runbook: Part): Iterable<Problem> {
  const volumes = runbook.at('volumes').items;
  if (!hasKubernetesSite(runbook) || volumes.length === 0) return;
  for (const role of ['primary', 'recovery']) {
    const place = runbook.at('sites').at(role).at('kubernetes');
    if (!place.isMap || place.at('mover').present) continue;
    const message = 'the key "mover" is missing: the runbook has volumes, and pods of its image copy them';
    yield place.problem('MissingKey', message);
  }
  for (const volume of volumes) {
    if (volume.at('kubernetes').present || !volume.isMap) continue;
    const message =
      'the key "kubernetes" is missing: the sites are Kubernetes clusters, and need to know which claim it is';
    yield volume.problem('MissingKey', message);
  }
}

/** Two volumes in one claim would overwrite each other. */
export function* sharedClaims(runbook: Part): Iterable<Problem> {
  for (const role of ['primary', 'recovery']) {
    const users = new Map<string, Part>();
    for (const volume of runbook.at('volumes').items) {
      const claim = volume.at('kubernetes').at('claim');
      const text = claim.text ?? claim.at(role).text;
      if (text === undefined) continue;
      const user = users.get(text);
      if (user === undefined) {
        users.set(text, volume);
        continue;
      }
      const message = `the claim ${quote(text)} is the volume ${quote(user.at('name').text ?? '')} already`;
      yield claim.problem('ClaimShared', message, { first: user.at('kubernetes').path });
      return;
    }
  }
}
