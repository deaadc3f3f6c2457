import type { Observation } from '../model/observation';
import type { ProtectionPhase } from '../model/operation';
import type { ProtectionState } from '../model/protection';
import type { Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';
import { abandoned, establish } from './protection-rules';

/** A phase that a person may declare: in the others nobody knows which site is active, or an operation does. */
export const declaredPhases = [
  'Protected',
  'FailedOver',
  'ReverseProtected',
] as const satisfies readonly ProtectionPhase[];
export type DeclaredPhase = (typeof declaredPhases)[number];

export interface ImportRequest {
  readonly runbook: Runbook;
  readonly sites: Observation['sites'];
  /** ISO instant at which the sites were looked at. */
  readonly observedAt: string;
  /** Where the group is after something was done without Switchback; absent: where the file says. */
  readonly phase?: DeclaredPhase;
}

export type Imported = { readonly state: ProtectionState } | { readonly refused: string };

/**
 * The state with which another Temporal looks after the group, from the one that was exported and what its sites show now. An
 * epoch is never taken back: what a site shows that the file does not know was done by somebody since.
 */
export function importedState(exported: ProtectionState, request: ImportRequest): Imported {
  const { runbook, phase } = request;
  if (exported.group !== runbook.group)
    return { refused: `the file is of group "${exported.group}", not of "${runbook.group}"` };
  if (phase !== undefined) return declared(exported, request, phase);
  const seen = highestEpoch(request.sites);
  if (seen && seen.epoch > exported.highestEpoch) {
    const refused =
      `somebody has moved group "${exported.group}" since: site "${seen.site}" shows epoch ${seen.epoch}, and the file knows none above ` +
      `${exported.highestEpoch}. Import a newer export; or, when it was moved by hand, say where it is: --phase`;
    return { refused };
  }
  const { moved: _elsewhere, ...state } = exported;
  const { holder, drill, ...rest } = state;
  if (holder) return { state: abandoned(state, `${holder.workflowId} held the group when it was exported`) };
  return { state: { ...rest, ...(drill && { drillLeft: leftBy(drill, request.observedAt) }) } };
}

/** The run of the drill is at the other Temporal: its copy may still be there. */
const leftBy = ({ workflowId, runId }: NonNullable<ProtectionState['drill']>, since: string) => ({
  workflowId,
  runId,
  since,
  because: 'it ran when the group was exported',
});

/** Done by hand: the sites say who is active and with which epochs, and must agree with the phase. */
function declared(exported: ProtectionState, request: ImportRequest, phase: DeclaredPhase): Imported {
  const { runbook, sites, observedAt } = request;
  const activeSite: SiteRole = phase === 'Protected' ? 'primary' : 'recovery';
  const found = establish(runbook, { observedAt, phase, activeSite, sites, connectivity: [], records: {} });
  const name = (role: SiteRole): string => runbook.sites[role].name;
  if (found.activeSite !== activeSite)
    return {
      refused: `${phase} means that ${name(activeSite)} is active, and the sites show that ${name(found.activeSite)} is`,
    };
  // Without volumes nothing at the sites tells these two apart.
  if (runbook.volumes.length > 0 && found.phase !== phase)
    return { refused: `the sites show that the group is ${found.phase}, not ${phase}` };
  const { runs, drills, instances } = exported;
  const highest = Math.max(exported.highestEpoch, found.highestEpoch, highestEpoch(sites)?.epoch ?? 0);
  const direction =
    phase === 'Protected' ? 'primary-to-recovery' : phase === 'ReverseProtected' ? 'recovery-to-primary' : 'none';
  return {
    state: {
      ...found,
      phase,
      highestEpoch: highest,
      replication: { direction, paused: direction === 'none', asOf: {} },
      runs,
      ...(drills && { drills }),
      ...(instances && { instances }),
    },
  };
}

/** The highest epoch that is written down at any site that answers; undefined: none answers. */
function highestEpoch(sites: Observation['sites']): { readonly site: string; readonly epoch: number } | undefined {
  return Object.values(sites)
    .filter(({ health }) => health.reachable)
    .map(({ health, fence, volumes, workloads }) => ({
      site: health.site,
      epoch: Math.max(fence.epoch ?? 0, ...[...volumes, ...workloads].map(({ epoch }) => epoch ?? 0)),
    }))
    .sort((one, other) => other.epoch - one.epoch)[0];
}

/** What `protection` is asked for by whoever imports a state, or moves one away. */
export interface ReplaceRequest {
  readonly runbook: string;
  readonly state: ProtectionState;
  /** What `fingerprint` said of the state that it goes by. Absent: the group was not known. */
  readonly seen?: string;
  /** Though runs or drills are known that are then forgotten. */
  readonly forget?: true;
}

export interface Refusal {
  readonly code: 'GroupBusy' | 'WrongState';
  readonly message: string;
}

/**
 * Why the state that is known may not be replaced, or undefined. Judged by the group itself, in the moment in which it is replaced:
 * what was looked at before may have been left behind by an operation since.
 */
export function notReplaceable(known: ProtectionState, { seen, forget }: ReplaceRequest): Refusal | undefined {
  const { group, holder = known.drill } = known;
  if (holder) {
    const message = `group "${group}" is held by ${holder.operation} ${holder.workflowId} since ${holder.since}. Wait for its end.`;
    return { code: 'GroupBusy', message };
  }
  // A worker that starts finds the group at its sites, at any moment: that takes nothing from what was looked at.
  if (seen === undefined ? !onlyFound(known) : seen !== fingerprint(known)) {
    const message = `group "${group}" has changed since it was looked at: it is ${standingOf(known)} now. Begin again.`;
    return { code: 'GroupBusy', message };
  }
  if (onlyFound(known) || known.moved || forget) return undefined;
  const message = `this Temporal looks after group "${group}" already (${standingOf(known)}). With --replace what it knows is forgotten.`;
  return { code: 'WrongState', message };
}

const standingOf = ({ phase, epoch, runs }: ProtectionState): string =>
  `${phase}, epoch ${epoch}, ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;

/** Tells a state apart from every other that says something else of the group than how far its standby is behind. */
export const fingerprint = (state: ProtectionState): string =>
  JSON.stringify([essence(state), state.holder?.runId, state.drill?.runId, state.incomplete?.runId, state.drills]);

/** A group that a worker has only found at its sites: nothing is lost when its state is replaced. */
export const onlyFound = ({ runs, holder, drill, drills, incomplete }: ProtectionState): boolean =>
  runs.length === 0 && !holder && !drill && !drills && !incomplete;

/** What makes two states the same for whoever goes by them; what passes of replication change is left out. */
export const sameGroupState = (one: ProtectionState, other: ProtectionState): boolean =>
  JSON.stringify(essence(one)) === JSON.stringify(essence(other));

const essence = ({ phase, activeSite, epoch, highestEpoch: highest, runs, moved }: ProtectionState): unknown => [
  phase,
  activeSite,
  epoch,
  highest,
  runs.map(({ workflowId, runId, verdict }) => [workflowId, runId, verdict]),
  moved,
];
