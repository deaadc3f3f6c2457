import type { SiteCluster } from '../cluster';
import { isBehind, replicaSet } from '../kinds/kinds';
import type { WorkloadObject } from '../kube-object';
import { titleOf, type Target } from './target';

export interface MayStartAgain<Of extends Target> {
  readonly target: Of;
  readonly because: string;
}

/**
 * Those whose controller may bring pods up again though none is left: it has not looked at the object since nothing is wanted of it,
 * or a ReplicaSet of it has not been told. A controller that was away, or is slow, replaces pods that others have ended as soon as
 * it is back, so pods that are gone prove nothing before it has. By reads, as all that is proven. Of a custom kind only what its
 * status tells is known; a CronJob tells nothing.
 */
export async function mayStartAgain<Of extends Target>(
  cluster: SiteCluster,
  targets: readonly Of[],
): Promise<readonly MayStartAgain<Of>[]> {
  const controlled = targets.filter(({ kind }) => kind.throughJobs !== true);
  const kinds = [...new Set(controlled.map(({ kind }) => kind))];
  const [sets, ...objects] = await Promise.all([
    kinds.some(hasSets) ? cluster.list<WorkloadObject>(replicaSet.apiVersion, replicaSet.plural) : [],
    ...kinds.map(async ({ apiVersion, plural }) => cluster.list<WorkloadObject>(apiVersion, plural)),
  ]);
  return controlled.flatMap((target) => {
    const known = objects[kinds.indexOf(target.kind)]?.find(({ metadata }) => metadata.name === target.name);
    const because = known && whyAgain(target, known, sets);
    return because === undefined ? [] : [{ target, because }];
  });
}

function whyAgain(target: Target, object: WorkloadObject, sets: readonly WorkloadObject[]): string | undefined {
  if (tellsWhatItSaw(target, object) && isBehind(object))
    return `the controller of ${titleOf(target)} has not looked at it since nothing is wanted of it, and may start pods again`;
  const untold = sets.find(
    (set) =>
      set.metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid) === true &&
      (replicaSet.wanted(set) > 0 || isBehind(set)),
  );
  return (
    untold && `ReplicaSet ${untold.metadata.name} of ${titleOf(target)} may start pods again: it has not been told yet`
  );
}

/** A Deployment, and what does its work in another way. */
const hasSets = ({ kind, scale }: Target['kind']): boolean => kind === 'Deployment' || scale !== undefined;

const tellsWhatItSaw = ({ kind }: Target, { status }: WorkloadObject): boolean =>
  kind.scale === undefined || typeof status?.observedGeneration === 'number';
