import { stoppedNodeLabel } from '../kinds/kinds';
import type { KubeObject } from '../kube-object';
import { annotation as known, isSwitchedOff } from '../workloads/annotations';
import { aside } from '../workloads/autoscalers';
import { type Draft, isDraft, within } from './draft';
import type { Adapting, StagedKind } from './staged-kind';

const specOf = (object: KubeObject): Draft => within(object, 'spec') ?? {};

const annotationOf = ({ metadata }: KubeObject, name: string): string | undefined => metadata.annotations?.[name];

/** A missing number means one. */
const replicasOf = (object: KubeObject): number => Number(specOf(object)['replicas'] ?? 1);

function annotate(draft: Draft, name: string, value: string | undefined): void {
  const metadata = within(draft, 'metadata');
  if (metadata === undefined || value === undefined) return;
  metadata['annotations'] = { ...within(metadata, 'annotations'), [name]: value };
}

/**
 * How many instances a start will bring up: as many as the active site runs, until an operation has stopped the object here
 * and written down its own number. Whether it is on at all follows the active site always.
 */
function rememberReplicas(draft: Draft, { live, source }: Adapting, running: number): void {
  const there = live && annotationOf(live, known.replicas);
  const ours = live === undefined || annotationOf(live, known.operations) === undefined || there === '0';
  const isOff = running === 0 && isSwitchedOff(source);
  const recorded = running > 0 ? String(running) : isOff ? '0' : annotationOf(source, known.replicas);
  annotate(draft, known.replicas, ours || isOff ? (recorded ?? there) : there);
}

const byReplicas: Pick<StagedKind, 'atRest' | 'runs'> = {
  atRest: (draft, adapting) => {
    const { live, source } = adapting;
    draft['spec'] = { ...within(draft, 'spec'), replicas: live === undefined ? 0 : replicasOf(live) };
    rememberReplicas(draft, adapting, replicasOf(source));
  },
  runs: (object) => replicasOf(object) > 0,
};

const bySuspension: Pick<StagedKind, 'atRest' | 'runs'> = {
  atRest: (draft, adapting) => {
    const { live, source } = adapting;
    const suspend = live === undefined || specOf(live)['suspend'] === true;
    draft['spec'] = { ...within(draft, 'spec'), suspend };
    rememberReplicas(draft, adapting, specOf(source)['suspend'] === true ? 0 : 1);
  },
  runs: (object) => specOf(object)['suspend'] !== true,
};

const stoppedLabelOf = (object: KubeObject): unknown =>
  within(object, 'spec', 'template', 'spec', 'nodeSelector')?.[stoppedNodeLabel];

const byNodeSelector: Pick<StagedKind, 'atRest' | 'runs'> = {
  atRest: (draft, adapting) => {
    const { live, source } = adapting;
    rememberReplicas(draft, adapting, stoppedLabelOf(source) === undefined ? 1 : 0);
    const pod = within(draft, 'spec', 'template', 'spec');
    if (pod === undefined) return;
    const { [stoppedNodeLabel]: _source, ...selector } = within(pod, 'nodeSelector') ?? {};
    const stopped = live === undefined ? 'true' : stoppedLabelOf(live);
    const next = { ...selector, ...(stopped !== undefined && { [stoppedNodeLabel]: stopped }) };
    if (Object.keys(next).length > 0) pod['nodeSelector'] = next;
    else delete pod['nodeSelector'];
  },
  runs: (object) => stoppedLabelOf(object) === undefined,
};

/** The one that stands aside at the standby stays aside, and a new one is: a start puts it back. */
const byAutoscaling: Pick<StagedKind, 'atRest'> = {
  atRest: (draft, { live, source }) => {
    const target = within(draft, 'spec', 'scaleTargetRef');
    if (target === undefined) return;
    const name = annotationOf(source, known.setAside) ?? String(target['name']);
    const isAside = live === undefined || annotationOf(live, known.setAside) !== undefined;
    target['name'] = isAside ? aside(name) : name;
    if (isAside) annotate(draft, known.setAside, name);
  },
};

/** Of a kind that is not known: a number of replicas is one of instances, and anything else is left as it is. */
const byReplicasIfAny: Pick<StagedKind, 'atRest' | 'runs'> = {
  atRest: (draft, adapting) => {
    const spec = draft['spec'];
    if (isDraft(spec) && typeof spec['replicas'] === 'number') byReplicas.atRest?.(draft, adapting);
  },
  runs: (object) => Number(specOf(object)['replicas'] ?? 0) > 0,
};

export const restOf = { byReplicas, bySuspension, byNodeSelector, byAutoscaling, byReplicasIfAny } as const;
