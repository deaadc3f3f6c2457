import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { quote } from '../quote';
import { declaredNames } from './references';

/** Each volume belongs to exactly one workload: only then is it clear when its data is complete. */
export function* volumeUse(runbook: Part): Iterable<Problem> {
  const users = new Map<string, { readonly workload: Part; readonly entry: Part }>();
  for (const workload of runbook.at('workloads').items) {
    for (const entry of workload.at('volumes').items) {
      const name = entry.text;
      if (name === undefined) continue;
      const user = users.get(name);
      if (user === undefined) users.set(name, { workload, entry });
      else if (user.workload.path.join() !== workload.path.join()) yield shared(entry, user);
    }
  }
  const volumes = runbook.at('volumes').items;
  const declared = new Set(declaredNames(volumes));
  // A use that is misspelt, or not even a list, may be the one that seems to be missing.
  const workloads = runbook.at('workloads').items;
  const isUnclear = workloads.some(
    (workload) => workload.at('volumes').present && !Array.isArray(workload.at('volumes').value),
  );
  if (isUnclear || [...users.keys()].some((name) => !declared.has(name))) return;
  for (const volume of volumes) {
    const name = volume.at('name');
    if (name.text === undefined || users.has(name.text)) continue;
    yield name.problem('VolumeUnused', `no workload uses the volume ${quote(name.text)}`);
  }
}

function shared(entry: Part, user: { readonly workload: Part; readonly entry: Part }): Problem {
  const owner = user.workload.at('name').text ?? '';
  const message = `the volume ${quote(entry.text ?? '')} is written by the workload ${quote(owner)} already`;
  return entry.problem('VolumeShared', message, { first: user.entry.path });
}
