import type { Observation, SiteObservation } from '../model/observation';
import {
  courseOf,
  operationNames,
  operationTraits,
  phasesToBegin,
  type Operation,
  type ProtectionPhase,
  type ReplicationDirection,
} from '../model/operation';
import type { Holder, Moved, ProtectionState, ReplicationState, RunSummary } from '../model/protection';
import { peerRole, type SiteRole } from '../model/site';
import type { Runbook } from '../model/runbook';
import type { Verdict } from '../model/verdict';
import type { RunEpochs } from '../model/operation';
import { instancesIn, instancesNoted } from './instances-rules';

export const RUNS_KEPT = 50;

/** The phase that operations are judged by: of an incomplete group, the last one that was proven. */
export const effectivePhase = (state: ProtectionState): ProtectionPhase => state.incomplete?.before ?? state.phase;

/** Operations that may begin in this phase. */
const possibleOperations = (phase: ProtectionPhase): readonly Operation[] =>
  operationNames.filter((operation) => phasesToBegin(operation).includes(phase));

/** Why the operation cannot begin now, or undefined. The lock is looked at elsewhere. */
export function wrongState(state: ProtectionState, operation: Operation): string | undefined {
  if (state.moved) return movedAway(state, state.moved);
  const phase = effectivePhase(state);
  const needed = phasesToBegin(operation);
  if (needed.includes(phase)) return undefined;
  const possible = possibleOperations(phase).join(' or ');
  return `group "${state.group}" is ${phase}; ${operation} needs ${needed.join(' or ')}. Possible now: ${possible}`;
}

/** What whoever wants something of a group is told that another Temporal looks after. */
export const movedAway = ({ group }: ProtectionState, { at, sha256 }: Moved): string =>
  `group "${group}" was moved to another Temporal at ${at}, with the state of checksum ${sha256.slice(0, 12)}. Ask there; ` +
  `to have it here again, export it there and import it here: switchback state import <file>`;

/** Epochs for a run that changes the active site are higher than any ever handed out; the others keep the epoch. */
export function nextEpochs(state: ProtectionState, operation: Operation): RunEpochs {
  if (!operationTraits[operation].movesActiveSite) return { from: state.epoch, to: state.epoch, rollback: state.epoch };
  return { from: state.epoch, to: state.highestEpoch + 1, rollback: state.highestEpoch + 2 };
}

/** The group is held: nothing else may begin until it is released. */
export function held(state: ProtectionState, holder: Holder, epochs: RunEpochs): ProtectionState {
  const lastProven = effectivePhase(state);
  const { incomplete, ...rest } = state;
  return {
    ...rest,
    ...(incomplete && { interrupted: incomplete }),
    phase: 'Recovering',
    holder,
    lastProven,
    handed: epochs,
    highestEpoch: Math.max(state.highestEpoch, epochs.rollback),
  };
}

/** A holder that ended without releasing: what it left is incomplete, and named. */
export function abandoned(state: ProtectionState, because: string): ProtectionState {
  const { holder, lastProven, handed, interrupted: _replaced, ...rest } = state;
  if (holder === undefined) return state;
  const { operation, workflowId, runId } = holder;
  const before = lastProven ?? 'Protected';
  const incomplete = { operation, workflowId, runId, before, because, ...(handed && { epochs: handed }) };
  return { ...rest, phase: 'Incomplete', incomplete };
}

export interface Release {
  readonly phase: ProtectionPhase;
  readonly epoch: number;
  readonly activeSite: SiteRole;
  readonly summary: RunSummary;
  readonly because: string;
}

export function released(state: ProtectionState, release: Release): ProtectionState {
  const runs = [release.summary, ...state.runs].slice(0, RUNS_KEPT);
  if (release.phase === 'Incomplete') {
    // A rollback that is incomplete may have fenced below its new epoch: a lower one could not replicate any more.
    const epoch = Math.max(state.epoch, release.epoch);
    return { ...abandoned(state, release.because), epoch, runs };
  }
  const { holder: _holder, lastProven: _lastProven, handed: _handed, interrupted, ...rest } = state;
  if (interrupted !== undefined && asBefore(state.holder, release.summary.verdict)) {
    const epoch = Math.max(state.epoch, release.epoch);
    return { ...rest, phase: 'Incomplete', incomplete: interrupted, epoch, runs };
  }
  const { phase, epoch, activeSite } = release;
  return { ...rest, phase, epoch, activeSite, highestEpoch: Math.max(state.highestEpoch, epoch), runs };
}

/** What ends a run as it began. One that continues another has that one's steps to undo as well: then it is back at the beginning. */
const unmoved: readonly Verdict[] = ['declined', 'expired', 'withdrawn', 'rolled-back'];

const asBefore = (holder: Holder | undefined, verdict: Verdict): boolean =>
  verdict === 'refused' || (holder?.continues === undefined && unmoved.includes(verdict));

export interface Commit {
  readonly operation: Operation;
  readonly epoch: number;
  readonly activeSite: SiteRole;
  readonly direction: ReplicationDirection;
}

/** The point of no return: who is active, with which epoch, and which way data flows from now on. */
export function committed(state: ProtectionState, commit: Commit): ProtectionState {
  const { operation, epoch, activeSite, direction } = commit;
  const moved = activeSite !== state.activeSite;
  const standby = peerRole(activeSite);
  return {
    ...state,
    activeSite,
    epoch,
    highestEpoch: Math.max(state.highestEpoch, epoch),
    lastProven: courseOf(operation, state.lastProven).to,
    replication: { direction, paused: direction === 'none', asOf: {} },
    fencing: moved
      ? ({ [activeSite]: 'unfenced', [standby]: 'unconfirmed' } as ProtectionState['fencing'])
      : state.fencing,
  };
}

/**
 * Up to when the standby is known to be complete, in ms since 1970, as the volume that is furthest behind; or undefined when that
 * is not known for every volume.
 */
export function completeUntil(
  { asOf }: Pick<ReplicationState, 'asOf'>,
  volumes: readonly string[] = Object.keys(asOf),
): number | undefined {
  const instants = volumes.map((volume) => Date.parse(asOf[volume] ?? ''));
  return instants.length > 0 && instants.every(Number.isFinite) ? Math.min(...instants) : undefined;
}

/** How far the standby is behind, in seconds, or undefined when that is not known for every volume. */
export function lagSeconds(state: ProtectionState, volumes: readonly string[], now: string): number | undefined {
  const until = completeUntil(state.replication, volumes);
  return until === undefined ? undefined : Math.max(0, (Date.parse(now) - until) / 1000);
}

/**
 * The state of a group of which nothing is remembered, from what the sites say: the active site is where volumes are active at
 * the highest epoch, else where workloads run, else the primary.
 */
export function establish(runbook: Runbook, observation: Observation): ProtectionState {
  const { primary, recovery } = observation.sites;
  const activeSite: SiteRole = activity(recovery) > activity(primary) ? 'recovery' : 'primary';
  const epoch = Math.max(1, activity(primary), activity(recovery), replicaEpoch(primary), replicaEpoch(recovery));
  const reversed = activeSite === 'recovery' && replicaEpoch(primary) === epoch;
  const phase = activeSite === 'primary' ? 'Protected' : reversed ? 'ReverseProtected' : 'FailedOver';
  const direction = phase === 'Protected' ? 'primary-to-recovery' : reversed ? 'recovery-to-primary' : 'none';
  const fences = [primary.fence.epoch ?? 0, recovery.fence.epoch ?? 0];
  const seen = instancesIn(runbook.workloads, observation.sites[activeSite].workloads);
  const state: ProtectionState = {
    group: runbook.group,
    phase,
    activeSite,
    epoch,
    highestEpoch: Math.max(epoch, ...fences),
    replication: { direction, paused: direction === 'none', asOf: {} },
    fencing: { primary: primary.fence.fencing, recovery: recovery.fence.fencing },
    runs: [],
  };
  return instancesNoted(state, seen, observation.observedAt);
}

function activity(site: SiteObservation): number {
  const volumes = site.volumes.filter((volume) => volume.role === 'active').map((volume) => volume.epoch);
  const workloads = site.workloads.filter(({ status }) => status === 'running').map((workload) => workload.epoch ?? 0);
  return Math.max(0, ...volumes, ...(volumes.length === 0 ? workloads : []));
}

const replicaEpoch = (site: SiteObservation): number =>
  Math.max(0, ...site.volumes.filter((volume) => volume.role === 'replica').map((volume) => volume.epoch));
