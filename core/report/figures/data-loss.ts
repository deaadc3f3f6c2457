import { operationTraits, type Operation } from '../../model/operation';
import type { VolumeLoss } from '../../model/plan';
import type { VolumeObservation } from '../../model/volume';
import { peerRole } from '../../model/site';
import type { StepKind } from '../../model/step-kinds';
import { pointFact, proofOf, syncFact, volumeFact } from '../history/facts';
import { firstOf, type RunHistory } from '../history/run-history';
import type { StepRecord } from '../history/step-records';
import type { DataLossFigure, LostVolume, NamedPoint, VolumeProof } from '../report';

/**
 * Achieved data loss. Planned: none, when the final sync of every volume proved both sides equal. Unplanned: what the
 * recovery points that were restored lack. Anything else is unknown, and says so.
 */
export function dataLoss(history: RunHistory, operation: Operation): DataLossFigure {
  const superseded = supersededData(history, operation);
  const lost = operationTraits[operation].isolated ? 'would be lost' : 'are lost';
  const details = { proofs: proofs(history.steps, 'step-done'), volumes: lostVolumes(history, lost), superseded };
  if (!operationTraits[operation].movesActiveSite) {
    return {
      status: 'not-applicable',
      because: `a ${operation} does not move the service`,
      ...details,
      from: pointEvents(superseded),
    };
  }
  if (firstOf(history, 'rollback-started')) return { ...details, ...lossAfterRollback(history) };
  return { ...details, ...(history.plan?.mode === 'unplanned' ? unplannedLoss(history) : plannedLoss(history)) };
}

/** Recovery points that the run took, each with the step that took it. */
export function recoveryPoints(history: RunHistory): NamedPoint[] {
  return [...history.steps.values()].flatMap((record) => {
    const facts = record.result?.facts;
    const point = pointFact(facts);
    // A restore names the point that it read; only a capture made one.
    return point && !volumeFact(facts) ? [{ ...point, step: record.id }] : [];
  });
}

type Loss = Pick<DataLossFigure, 'status' | 'because' | 'seconds' | 'from'> & Partial<Pick<DataLossFigure, 'proofs'>>;

function plannedLoss(history: RunHistory): Loss {
  const volumes = history.plan?.runbook.volumes ?? [];
  if (!startsAnything(history)) return notMoved(history);
  if (volumes.length === 0)
    return { status: 'none', because: 'the group has no volumes', seconds: 0, from: ['plan.runbook.volumes'] };
  return provenLoss(history, proofs(history.steps, 'step-done'));
}

/** Before anything starts at the other side, a rollback loses nothing; afterwards only a copy back proves it. */
function lossAfterRollback(history: RunHistory): Loss {
  if (!startsAnything(history)) return notMoved(history);
  const back = proofs(history.compensations, 'compensation-done');
  return { ...provenLoss(history, back), proofs: back };
}

function provenLoss(history: RunHistory, found: readonly VolumeProof[]): Loss {
  const volumes = history.plan?.runbook.volumes ?? [];
  const unproven = volumes.filter(({ name }) => !found.some(({ volume, equal }) => volume === name && equal));
  const from = found.map(({ step }) => step);
  if (unproven.length > 0) {
    const names = unproven.map(({ name }) => name).join(', ');
    return { status: 'unknown', because: `no proof that both sides are equal for ${names}`, from };
  }
  return { status: 'none', because: 'content hashes of both sides are equal for every volume', seconds: 0, from };
}

function unplannedLoss(history: RunHistory): Loss {
  if (history.finished && !startsAnything(history)) return notMoved(history);
  const volumes = lostVolumes(history);
  const from = ['plan.loss', ...restores(history).map(({ id }) => `step-done ${id}`)];
  if (!history.plan?.loss) return { status: 'unknown', because: 'the plan names no loss', from };
  if (volumes.length === 0) return { status: 'none', because: 'the group has no volumes', seconds: 0, from };
  const seconds = Math.max(...volumes.map((volume) => volume.seconds));
  if (!volumes.every(({ restored }) => restored)) {
    return { status: 'expected', because: 'the recovery points are not all restored', from };
  }
  const because = 'what was acknowledged after the recovery points is lost; their age is that at the observation';
  return { status: 'lost', because, seconds, from };
}

const notMoved = (history: RunHistory): Loss => ({
  status: history.finished ? 'not-applicable' : 'unknown',
  because: history.finished ? 'no workload was started elsewhere' : 'no workload was started elsewhere yet',
  from: ['step-scheduled'],
});

const startKind: StepKind = 'start-workload';
const startsAnything = (history: RunHistory): boolean =>
  (history.plan?.steps ?? []).some(({ id, kind }) => kind === startKind && history.steps.has(id));

function proofs(records: ReadonlyMap<string, StepRecord>, event: string): VolumeProof[] {
  return [...records.values()].flatMap((record) => {
    const sync = record.status === 'done' ? syncFact(record.result?.facts) : undefined;
    const proof = sync && proofOf(sync);
    if (!sync || !proof) return [];
    const equal = proof.sourceDigest !== '' && proof.sourceDigest === proof.targetDigest;
    return [{ ...proof, volume: sync.volume, step: `${event} ${record.id}`, equal }];
  });
}

const restoreKind: StepKind = 'restore-point';
const restores = (history: RunHistory): StepRecord[] =>
  (history.plan?.steps ?? [])
    .filter(({ kind }) => kind === restoreKind)
    .flatMap(({ id }) => history.steps.get(id) ?? [])
    .filter(({ status }) => status === 'done');

function lostVolumes(history: RunHistory, lost = 'are lost'): LostVolume[] {
  const seen = new Map(restores(history).map(({ id, result }) => [id, volumeFact(result?.facts)]));
  const stepOf = (volume: string) =>
    (history.plan?.steps ?? []).find(
      (step) => step.kind === restoreKind && step.volume === volume && seen.has(step.id),
    );
  return (history.plan?.loss?.volumes ?? []).map((planned) => {
    const step = stepOf(planned.volume);
    const loss = step ? asRestored(planned, seen.get(step.id)) : planned;
    return { ...loss, what: lossInWords(loss, lost), restored: step !== undefined };
  });
}

/** A site that still answers is replicated until replication is paused: what was restored may be newer than what was planned. */
function asRestored(planned: VolumeLoss, restored: VolumeObservation | undefined): VolumeLoss {
  if (restored?.asOf === undefined) return planned;
  const later = (Date.parse(restored.asOf) - Date.parse(planned.asOf)) / 1000;
  const { records = planned.records } = restored;
  return {
    ...planned,
    asOf: restored.asOf,
    epoch: restored.epoch,
    seconds: Math.max(0, planned.seconds - (Number.isFinite(later) ? later : 0)),
    ...(records !== undefined && { records }),
  };
}

const lossInWords = ({ asOf, epoch, records }: VolumeLoss, lost: string): string =>
  records === undefined
    ? `writes of epoch ${epoch} or lower after ${asOf} ${lost}`
    : `records of epoch ${epoch} or lower after record ${records} ${lost}`;

/** A reprotect keeps what the old active site holds before it overwrites it. */
function supersededData(history: RunHistory, operation: Operation): NamedPoint[] {
  const { plan } = history;
  const { movesActiveSite, isolated } = operationTraits[operation];
  if (!plan || movesActiveSite || isolated) return [];
  const standby = plan.runbook.sites[peerRole(plan.to)].name;
  return recoveryPoints(history).filter(({ site }) => site === standby);
}

const pointEvents = (points: readonly NamedPoint[]): string[] => points.map(({ step }) => `step-done ${step}`);
