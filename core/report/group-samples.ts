import type { GaugeName } from '../model/metrics';
import { operationNames, type ProtectionPhase } from '../model/operation';
import type { Readiness } from '../model/readiness';
import type { ProtectionState } from '../model/protection';
import type { RunStatus, WaitingFor } from '../model/run';
import type { Runbook } from '../model/runbook';
import { verdictNames, type Verdict } from '../model/verdict';
import { unattestedCount } from '../running/drill-record';
import { completeUntil } from '../running/protection-rules';

/** How often drills are planned. */
export interface ExpectedDrills {
  /** The longest time between two starts of a schedule, of several the shortest; absent: fewer than two are planned. */
  readonly intervalSeconds?: number;
  /** ISO instant at which the first schedule was made. */
  readonly since: string;
}

/** What is known of a group at one moment. */
export interface GroupSnapshot {
  /** ISO instant. */
  readonly seenAt: string;
  readonly state: ProtectionState;
  /** Absent: this worker cannot read it. */
  readonly runbook?: Pick<Runbook, 'objectives' | 'volumes'>;
  /** Runs of the group that are under way. */
  readonly runs: readonly Pick<RunStatus, 'waitingFor'>[];
  /** Undefined: no schedule starts drills. */
  readonly drills?: ExpectedDrills | undefined;
}

/** One value of a gauge, with its labels besides `group`. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The gauges of a group: each with the same labels every time, whatever is known, because what was exported once stays. What is
 * not there, or not known, is NaN.
 */
export function groupSamples(snapshot: GroupSnapshot): Readonly<Record<GaugeName, readonly Sample[]>> {
  const { state, runbook, drills, seenAt } = snapshot;
  const { breach, readiness } = state;
  const waiting = state.drills ? unattestedCount(state.drills) : 0;
  return {
    switchback_group_seen_timestamp_seconds: one(instant(seenAt)),
    switchback_group_phase: oneOf('phase', phases, state.phase),
    switchback_group_active_site: oneOf('site', ['primary', 'recovery'], state.activeSite),
    switchback_group_readiness: oneOf('state', readinessLabels, readiness && readinessLabel[readiness.state]),
    switchback_group_readiness_evaluated_timestamp_seconds: one(instant(readiness?.evaluatedAt)),
    switchback_replication_active: one(Number(isReplicated(snapshot))),
    switchback_replication_complete_until_timestamp_seconds: one(completeSeconds(snapshot)),
    switchback_rpo_objective_seconds: one(state.replication.rpoSeconds),
    switchback_rpo_breach: one(Number(breach !== undefined)),
    switchback_rpo_breach_since_timestamp_seconds: one(instant(breach?.since)),
    switchback_rto_objective_seconds: one(runbook?.objectives.rtoSeconds),
    switchback_recovery_time_seconds: operationNames.map((operation) => ({
      labels: { operation },
      value: recoverySeconds(state, operation) ?? NaN,
    })),
    switchback_run_finished_timestamp_seconds: finished(state),
    switchback_waiting: waits(snapshot, ({ length }) => length),
    switchback_waiting_since_timestamp_seconds: waits(snapshot, (found) => earliest(found.map(({ since }) => since))),
    switchback_drill_held_timestamp_seconds: one(drillHeld(state)),
    switchback_drill_expected_interval_seconds: one(drills?.intervalSeconds),
    switchback_drill_expected_since_timestamp_seconds: one(instant(drills?.since)),
    switchback_drill_unattested: one(waiting),
    switchback_drill_unattested_since_timestamp_seconds: one(instant(state.drills?.unattested[0]?.endedAt)),
  };
}

const phases: readonly ProtectionPhase[] = ['Protected', 'FailedOver', 'ReverseProtected', 'Recovering', 'Incomplete'];

const readinessLabel: Readonly<Record<Readiness['state'], string>> = {
  Ready: 'ready',
  AtRisk: 'at_risk',
  NotReady: 'not_ready',
};
const readinessLabels = Object.values(readinessLabel);

const waitKinds: readonly WaitingFor['kind'][] = [
  'approval',
  'window',
  'declare-lost',
  'manual-step',
  'failed-step',
  'resume',
];

const one = (value: number | undefined): readonly Sample[] => [{ labels: {}, value: value ?? NaN }];

/** A set of states: 1 for the one that is. */
const oneOf = (label: string, all: readonly string[], is: string | undefined): readonly Sample[] =>
  all.map((name) => ({ labels: { [label]: name }, value: is === undefined ? NaN : Number(name === is) }));

const instant = (iso: string | undefined): number => (iso === undefined ? NaN : Date.parse(iso) / 1000);

const earliest = (instants: readonly string[]): number =>
  instants.length === 0 ? NaN : Math.min(...instants.map(instant));

const newest = (instants: readonly string[]): number =>
  instants.length === 0 ? NaN : Math.max(...instants.map(instant));

/** A group without volumes has nothing to replicate. */
function isReplicated({ state: { replication }, runbook }: GroupSnapshot): boolean {
  const volumes = runbook ? runbook.volumes.length : Object.keys(replication.asOf).length;
  return replication.direction !== 'none' && (volumes > 0 || (!runbook && replication.lastPassAt === undefined));
}

/** As the volume that is furthest behind; one of which nothing is known was never complete. */
function completeSeconds(snapshot: GroupSnapshot): number {
  if (!isReplicated(snapshot)) return NaN;
  const volumes = snapshot.runbook?.volumes.map(({ name }) => name);
  return (completeUntil(snapshot.state.replication, volumes) ?? 0) / 1000;
}

const recoverySeconds = ({ runs }: ProtectionState, operation: string): number | undefined =>
  runs.find((run) => run.operation === operation && run.measured?.recoverySeconds !== undefined)?.measured
    ?.recoverySeconds;

const finished = ({ runs }: ProtectionState): readonly Sample[] =>
  operationNames.flatMap((operation) =>
    verdictNames.map((verdict) => {
      const found = runs.filter((run) => run.operation === operation && run.verdict === verdict);
      return { labels: { operation, verdict }, value: newest(found.map(({ finishedAt }) => finishedAt)) };
    }),
  );

const carriedOut: ReadonlySet<Verdict> = new Set(['completed', 'completed-with-issues']);

/** The list of runs is short: one that has left it is remembered by its attestation. */
function drillHeld({ runs, drills }: ProtectionState): number {
  const held = runs.filter(({ operation, verdict }) => operation === 'drill' && carriedOut.has(verdict));
  const passed = (drills?.attested ?? []).filter(({ verdict }) => verdict === 'passed');
  return newest([...held.map(({ finishedAt }) => finishedAt), ...passed.map(({ endedAt }) => endedAt)]);
}

const waits = ({ runs }: GroupSnapshot, value: (found: readonly WaitingFor[]) => number): readonly Sample[] =>
  waitKinds.map((kind) => {
    const found = runs.flatMap(({ waitingFor }) => waitingFor).filter((wait) => wait.kind === kind);
    return { labels: { waiting_for: kind.replaceAll('-', '_') }, value: value(found) };
  });
