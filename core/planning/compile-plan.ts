import { SwitchbackFailure } from '../model/failure';
import type { Observation } from '../model/observation';
import { courseOf, operationTraits, type FailoverMode, type Operation, type RunEpochs } from '../model/operation';
import { drillPolicyOf, policyOf } from '../model/operation-policy';
import type { RecoveryPlan } from '../model/plan';
import type { RunSummary } from '../model/protection';
import type { GateSpec, Runbook } from '../model/runbook';
import { peerRole, type SiteRole } from '../model/site';
import { addSteps } from './added-steps';
import { canonicalJson } from './canonical-json';
import { estimatesOf } from './earlier-runs';
import { assessLoss } from './expected-loss';
import { unseenWorkloads } from './instances-seen';
import { observedLag } from './observed-lag';
import { commonOpenings, openingsOf, opensOnce } from './openings';
import { compileDrill, drillChoices, type Keep } from './operations/drill';
import { compileMove } from './operations/move';
import { compileReprotect } from './operations/reprotect';
import { compileUnplannedFailover } from './operations/unplanned-failover';
import { PlanBuilder } from './plan-builder';
import type { PlanContext } from './plan-context';
import { runPrechecks } from './prechecks';

export interface CompileInput {
  readonly runbook: Runbook;
  readonly digest: string;
  readonly operation: Operation;
  readonly mode: FailoverMode;
  readonly observation: Observation;
  readonly epochs: RunEpochs;
  /** As core/running/point-choice.ts reads it; absent: "latest". Only of an unplanned failover and of a drill. */
  readonly recoveryPoint?: string;
  /** Of a drill: how long its copy is held; what the runbook says otherwise. */
  readonly keep?: Keep;
  /** Of a drill: whether the way back is rehearsed as well; what the runbook says otherwise. */
  readonly roundTrip?: boolean;
  readonly windows?: Readonly<Record<string, { readonly start?: string; readonly durationSeconds?: number }>>;
  /** Runs of the group, newest first: those of such plans say how long it takes. */
  readonly earlierRuns?: readonly RunSummary[];
}

/**
 * Runbook + operation + observation → recovery plan. Pure: the same input gives the same plan and the same hash.
 *
 * @param sha256 gives the lower-case hex SHA-256 of a text; core has no hash of its own.
 * @throws SwitchbackFailure `InvalidInput` when a window has no start.
 */
export function compilePlan(input: CompileInput, sha256: (text: string) => string): RecoveryPlan {
  const { runbook, operation, mode, observation } = input;
  const { from, to } = sidesOf(operation, observation);
  const assessed = lossOf(input, to);
  const context = makeContext(input, { from, to });
  const compiled: PlanContext = assessed ? { ...context, loss: assessed.loss } : context;
  const commitStep = compileOperation(compiled, input);
  addSteps(compiled);
  const { segments, steps, rollback } = compiled.build;
  const looked = {
    hooks: [...steps, ...rollback].filter(({ input }) => input.hook !== undefined),
    windows: windowsIn(steps).map(({ gate }) => gate),
    copiesAt: steps.flatMap(({ kind, site }) => (kind === 'prepare-drill' && site ? [site] : [])),
  };
  const subject = { runbook, operation, mode, observation, from, to, pointMissing: assessed?.missing ?? [], ...looked };
  const runs = {
    version: 1 as const,
    group: runbook.group,
    operation,
    mode,
    runbookDigest: input.digest,
    from,
    to,
    epochs: input.epochs,
    segments,
    steps,
    rollback,
    commitStep,
    runbook,
  };
  const lag = observedLag(observation);
  const unseen = unseenWorkloads(compiled, steps);
  return {
    ...runs,
    prechecks: runPrechecks(subject),
    ...estimatesOf(runs, input.earlierRuns),
    ...(lag && { lag }),
    ...(unseen && { unseen }),
    ...(assessed && { loss: assessed.loss }),
    ...openingsIn(steps, observation.observedAt),
    hash: sha256(canonicalJson(runs)),
  };
}

const windowsIn = (steps: RecoveryPlan['steps']) =>
  steps.flatMap(({ id, input: { gate } }) => (gate?.kind === 'window' ? [{ id, gate }] : []));

/** The next openings: of each window that opens more than once, and of all of them together. */
function openingsIn(steps: RecoveryPlan['steps'], after: string): Pick<RecoveryPlan, 'openings' | 'commonOpenings'> {
  const windows = windowsIn(steps);
  const again = windows.filter(({ gate }) => !opensOnce(gate));
  const openings = again.map(({ id, gate }) => [id, openingsOf(gate, after)] as const);
  const gates = windows.map(({ gate }) => gate);
  return {
    ...(openings.length > 0 && { openings: Object.fromEntries(openings) }),
    ...(gates.length > 0 && { commonOpenings: commonOpenings(gates, after) }),
  };
}

/** Where it leads: to the site that is active afterwards, of a drill to that of the copy. */
function sidesOf(operation: Operation, { phase }: Observation): { readonly from: SiteRole; readonly to: SiteRole } {
  const { activeBefore, activeAfter } = courseOf(operation, phase);
  return { from: activeBefore, to: operationTraits[operation].isolated ? peerRole(activeBefore) : activeAfter };
}

/** What a recovery point is chosen for has a loss, of a drill the one that there would have been. */
function lossOf({ runbook, operation, mode, observation, recoveryPoint }: CompileInput, to: SiteRole) {
  if (operation === 'drill')
    return assessLoss(runbook, observation, to, recoveryPoint ?? drillPolicyOf(runbook).recoveryPoint);
  const unplanned = operation === 'failover' && mode === 'unplanned';
  return unplanned ? assessLoss(runbook, observation, to, recoveryPoint) : undefined;
}

function compileOperation(context: PlanContext, { runbook, keep, roundTrip }: CompileInput): string {
  switch (context.operation) {
    case 'drill':
      return compileDrill(
        context,
        drillChoices(runbook, { ...(keep && { keep }), ...(roundTrip !== undefined && { roundTrip }) }),
      );
    case 'reprotect':
      return compileReprotect(context);
    case 'failover':
    case 'failback':
      return context.mode === 'unplanned' ? compileUnplannedFailover(context) : compileMove(context);
  }
}

function makeContext(input: CompileInput, sides: { readonly from: SiteRole; readonly to: SiteRole }): PlanContext {
  const { runbook, operation, mode, observation, epochs } = input;
  const names = { primary: runbook.sites.primary.name, recovery: runbook.sites.recovery.name };
  const policy = policyOf(runbook, operation);
  const gates = policy.gates
    .filter((gate) => gate.mode === undefined || gate.mode === mode)
    .map((gate) => withWindow(gate, input.windows?.[gate.name]));
  return {
    build: new PlanBuilder(names),
    runbook,
    policy: { ...policy, gates },
    operation,
    mode,
    observation,
    epochs,
    ...sides,
    names,
  };
}

function withWindow(
  gate: GateSpec,
  given: { readonly start?: string; readonly durationSeconds?: number } = {},
): GateSpec {
  if (gate.kind === 'approval') return gate;
  const start = given.start ?? gate.start;
  if (start === undefined) {
    throw new SwitchbackFailure(
      'InvalidInput',
      `maintenance window "${gate.name}" has no start; give one when you start the run: ` +
        `"windows":{"${gate.name}":{"start":"2026-12-05T22:00"}}`,
      { gate: gate.name },
    );
  }
  const { repeat, ...once } = gate;
  const durationSeconds = given.durationSeconds ?? gate.durationSeconds;
  // A start that is given with the run is meant for this run alone.
  if (given.start !== undefined) return { ...once, start, durationSeconds };
  return { ...once, start, durationSeconds, ...(repeat !== undefined && { repeat }) };
}
