import { ApplicationFailure, patched } from '@temporalio/workflow';
import type { LoadedRunbook, RunRef } from '../activities/contract';
import type { Acquired } from '../activities/group-contract';
import type { Observation, SiteObservation } from '../core/model/observation';
import { courseOf, operationTraits, type Operation, type RunEpochs } from '../core/model/operation';
import type { RecoveryPlan } from '../core/model/plan';
import type { ProtectionState, RunSummary } from '../core/model/protection';
import type { StepState } from '../core/model/run';
import type { Runbook } from '../core/model/runbook';
import type { Connectivity, SiteRole } from '../core/model/site';
import { neverGiven } from '../core/running/approval-rules';
import { control, looks, wholeLook } from './callers';
import type { OperationInput } from './messages';
import { observeHooks } from './observe-hooks';
import { now, stepErrorOf } from './run-record';
import { tellInstances } from './tell-instances';

/**
 * Looks at both sites, the ways between them and the records, which no isolated operation has to do with. Changes nothing; what
 * cannot be seen is reported as unknown.
 */
export async function observe(
  runbook: Runbook,
  state: Pick<Observation, 'phase' | 'activeSite' | 'lastSeen'>,
  operation?: Operation,
): Promise<Observation> {
  const [primary, recovery] = await Promise.all([observeSite(runbook, 'primary'), observeSite(runbook, 'recovery')]);
  const sites = { primary, recovery };
  const [there, back, records] = await Promise.all([
    connectivity(runbook, 'primary', 'recovery'),
    connectivity(runbook, 'recovery', 'primary'),
    leavesRecordsAlone(operation) ? { records: {} } : observeRecords(runbook, sites),
  ]);
  return { observedAt: now(), ...state, sites, connectivity: [there, back], ...records };
}

async function observeSite(runbook: Runbook, role: SiteRole): Promise<SiteObservation> {
  const { sites, group, workloads, volumes } = runbook;
  const { name } = sites[role];
  try {
    return await wholeLook(name).observeSite({ role, sites, group, workloads, volumes });
  } catch (error) {
    // A worker that lacks the driver will lack it the next time as well: that is no site that is down.
    if (stepErrorOf(error).code === 'DriverMissing') throw error;
    const saw = `it could not be looked at: ${messageOf(error)}`;
    return {
      role,
      health: { site: name, reachable: false, findings: [{ name: 'answers', ok: false, saw }], observedAt: now() },
      workloads: [],
      volumes: [],
      fence: { site: name, fencing: 'unconfirmed', saw },
    };
  }
}

async function connectivity(runbook: Runbook, from: SiteRole, to: SiteRole): Promise<Connectivity> {
  const { sites } = runbook;
  try {
    return await looks(sites[from].name).testConnectivity({ from: sites[from], to: sites[to] });
  } catch (error) {
    return { from: sites[from].name, to: sites[to].name, ok: false, saw: messageOf(error) };
  }
}

/** Drills that began before they left the records alone go on looking at them. */
const leavesRecordsAlone = (operation: Operation | undefined): boolean =>
  operation !== undefined && operationTraits[operation].isolated && patched('drill-sees-no-records');

/** Either site may ask the provider of the records; the first one that answers is enough. */
async function observeRecords(
  runbook: Runbook,
  sites: Observation['sites'],
): Promise<Pick<Observation, 'records' | 'recordsUnread'>> {
  const roles = (['primary', 'recovery'] as const).filter((role) => sites[role].health.reachable);
  let why: string | undefined;
  for (const role of roles) {
    try {
      return { records: await looks(runbook.sites[role].name).observeRecords({ records: runbook.traffic }) };
    } catch (error) {
      // The other site is asked next; records that nobody can read are missing from the observation, which a precheck names.
      why = messageOf(error);
    }
  }
  return { records: {}, ...(why !== undefined && { recordsUnread: why }) };
}

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
};

/** Observes and compiles for a run that holds the group. @throws PrecheckFailed, PlanChanged, InvalidInput */
export async function preparePlan(
  loaded: LoadedRunbook,
  acquired: Acquired,
  wanted: { readonly operation: Operation; readonly input: OperationInput },
): Promise<RecoveryPlan> {
  const { activeBefore } = courseOf(wanted.operation, acquired.before);
  const { operation } = wanted;
  const { state, epochs } = acquired;
  const known = { phase: acquired.before, activeSite: activeBefore, ...lastSeenBy(state) };
  const observation = await observe(loaded.runbook, known, operation);
  await tellInstances(loaded.runbook, state, observation);
  const plan = await compileFrom(loaded, { ...wanted, observation, epochs, runs: state.runs });
  refusePlan(plan, wanted.input);
  return plan;
}

/** What the group keeps of the active site, as a part of an observation. */
export const lastSeenBy = ({ instances }: Pick<ProtectionState, 'instances'>): Pick<Observation, 'lastSeen'> =>
  instances ? { lastSeen: instances } : {};

export interface CompileWanted {
  readonly operation: Operation;
  readonly input: OperationInput;
  readonly observation: Observation;
  readonly epochs: RunEpochs;
  /** Of the group, newest first. */
  readonly runs: readonly RunSummary[];
}

export async function compileFrom(loaded: LoadedRunbook, wanted: CompileWanted): Promise<RecoveryPlan> {
  const { operation, input, epochs } = wanted;
  const keep = keepAskedFor(input);
  const hooks = await observeHooks(loaded.runbook, operation);
  const observation = { ...wanted.observation, ...(hooks && { hooks }) };
  const earlierRuns = wanted.runs.filter((run) => run.operation === operation && run.measured !== undefined);
  return control.compilePlan({
    runbook: loaded.runbook,
    digest: loaded.digest,
    operation,
    mode: input.mode ?? 'planned',
    observation,
    epochs,
    ...(input.recoveryPoint !== undefined && { recoveryPoint: input.recoveryPoint }),
    ...(keep && { keep }),
    ...(input.roundTrip !== undefined && { roundTrip: input.roundTrip }),
    ...(input.windows && { windows: definedWindows(input.windows) }),
    ...(earlierRuns.length > 0 && { earlierRuns }),
  });
}

function keepAskedFor({ keepSeconds, keepUntil }: OperationInput) {
  if (keepUntil !== undefined) return { until: keepUntil };
  return keepSeconds === undefined ? undefined : { seconds: keepSeconds };
}

function refusePlan(plan: RecoveryPlan, input: OperationInput): void {
  const errors = plan.prechecks.filter((check) => check.severity === 'error');
  if (errors.length > 0) {
    const problems = errors.map((check) => `${check.code} (${check.subject}): ${check.saw}, but ${check.because}`);
    throw ApplicationFailure.nonRetryable(`nothing was changed. ${problems.join('. ')}`, 'PrecheckFailed');
  }
  if (input.expectPlan !== undefined && input.expectPlan !== plan.hash) {
    throw ApplicationFailure.nonRetryable(
      `the plan is now ${plan.hash.slice(0, 12)}, expected was ${input.expectPlan.slice(0, 12)}; look at it again with switchback plan`,
      'PlanChanged',
    );
  }
}

/**
 * A gate that only the requester could open, who may not, would wait for ever.
 *
 * @throws ApplicationFailure `InvalidInput`
 */
export function refuseUnopenable(
  { steps }: RecoveryPlan,
  known: ReadonlyMap<string, StepState>,
  requester: string,
): void {
  const ahead = steps.filter(({ kind, id }) => kind === 'approval' && known.get(id)?.status !== 'done');
  for (const { input } of ahead) {
    const { gate } = input;
    const missing = gate?.kind === 'approval' ? neverGiven({ gate, requester }) : '';
    if (gate === undefined || missing === '') continue;
    // Runs of before wait at such a gate, and can be taken back there.
    if (!patched('refuse-unopenable')) return;
    throw ApplicationFailure.nonRetryable(
      `nothing was changed. Gate "${gate.name}" could never open: "${requester}" asks for this run and may not approve it, ` +
        `and without that person ${missing} would be missing. Let somebody else start it (\`requestedBy\`), ` +
        'or write `requesterMayApprove: true` at the gate',
      'InvalidInput',
    );
  }
}

type Windows = NonNullable<OperationInput['windows']>;

const definedWindows = (windows: Windows): Record<string, { start?: string; durationSeconds?: number }> =>
  Object.fromEntries(
    Object.entries(windows).map(([gate, { start, durationSeconds }]) => [
      gate,
      { ...(start !== undefined && { start }), ...(durationSeconds !== undefined && { durationSeconds }) },
    ]),
  );

export const runRef = (info: { workflowId: string; runId: string }, group: string, operation: Operation): RunRef => ({
  workflowId: info.workflowId,
  runId: info.runId,
  group,
  operation,
});
