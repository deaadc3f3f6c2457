import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';
import type { LoadedRunbook } from '../activities/contract';
import type { SiteExamination } from '../core/model/examination';
import type { HookObservation, Observation } from '../core/model/observation';
import { operationNames, phasesToBegin, type Operation } from '../core/model/operation';
import type { ProtectionState } from '../core/model/protection';
import type { Readiness } from '../core/model/readiness';
import type { Runbook } from '../core/model/runbook';
import type { SiteRole } from '../core/model/site';
import { effectivePhase, establish } from '../core/running/protection-rules';
import { evaluationFailed, isUnusable } from '../core/running/readiness-rules';
import { control, looks } from './callers';
import { failByName } from './named-failure';
import { observeHooks } from './observe-hooks';
import { lastSeenBy, observe } from './prepare-run';
import { now, stepErrorOf } from './run-record';

const readinessInput = z.strictObject({ runbook: z.string().min(1) });

/**
 * One evaluation: whether what is possible next would work now, and what to do when not. Changes nothing.
 *
 * @throws ApplicationFailure `WrongState` while an operation holds the group: it changes what would be looked at.
 */
export function readiness(input: unknown): Promise<Readiness> {
  return failByName(() => evaluate(input));
}

async function evaluate(input: unknown): Promise<Readiness> {
  const parsed = readinessInput.safeParse(input);
  if (!parsed.success) throw ApplicationFailure.nonRetryable(z.prettifyError(parsed.error), 'InvalidInput');
  const begun = Date.now();
  const name = parsed.data.runbook;
  const loaded = await load(name);
  if ('readiness' in loaded) return loaded.readiness;
  const { runbook, digest } = loaded;
  const known = await control.readState({ group: runbook.group });
  refuseHeld(known);
  const phase = known ? effectivePhase(known) : 'Protected';
  const look = { phase, activeSite: known?.activeSite ?? 'primary', ...(known && lastSeenBy(known)) } as const;
  const observation = await observe(runbook, look);
  const state = known ?? establish(runbook, observation);
  const [examinations, hooks, missingForNotices] = await Promise.all([
    examine(runbook, observation),
    hooksByOperation(runbook, effectivePhase(state)),
    unsetForNotices(runbook),
  ]);
  const found = await control.evaluateReadiness({
    runbook,
    digest,
    // Earlier runs play no part.
    state: { ...state, runs: [] },
    observation: { ...observation, phase: effectivePhase(state), activeSite: state.activeSite },
    examinations,
    hooks,
    missingForNotices,
  });
  return { ...found, tookSeconds: (Date.now() - begun) / 1000 };
}

/** A runbook with mistakes is an answer: no operation could be started. */
async function load(runbook: string): Promise<LoadedRunbook | { readonly readiness: Readiness }> {
  try {
    return await control.loadRunbook({ runbook });
  } catch (error) {
    const because = stepErrorOf(error);
    // One that is not there may be a slip of the pen of whoever asks.
    if (!isUnusable(because) || because.code === 'UnknownRunbook') throw error;
    return { readiness: evaluationFailed({ group: runbook }, because, now()) };
  }
}

function refuseHeld(state: ProtectionState | null): void {
  const holder = state?.holder;
  if (holder === undefined) return;
  const last = state?.readiness;
  const before =
    last === undefined ? 'it was never evaluated before' : `last evaluated at ${last.evaluatedAt}: ${last.state}`;
  const message = `nothing is evaluated while ${holder.operation} ${holder.workflowId} holds the group; ${before}`;
  throw ApplicationFailure.nonRetryable(message, 'WrongState');
}

/** Of sites that answer. */
async function examine(
  { group, sites, workloads, volumes, traffic }: Runbook,
  observation: Observation,
): Promise<Readonly<Partial<Record<SiteRole, SiteExamination>>>> {
  const roles = (['primary', 'recovery'] as const).filter((role) => observation.sites[role].health.reachable);
  const recordDrivers = [...new Set(traffic.map(({ provider }) => provider.driver))];
  // Checks are not asked here, and need not travel.
  const about = { group, workloads: workloads.map((one) => ({ ...one, checks: [] })), volumes, recordDrivers };
  const found = await Promise.all(
    roles.map(async (role) => {
      const site = sites[role];
      // What is not examined is a reason of its own.
      const seen = await looks(site.name)
        .examineSite({ ...about, site })
        .catch(() => undefined);
      return seen === undefined ? [] : [[role, seen] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function hooksByOperation(
  runbook: Runbook,
  phase: ProtectionState['phase'],
): Promise<Readonly<Partial<Record<Operation, HookObservation>>>> {
  const next = operationNames.filter((operation) => phasesToBegin(operation).includes(phase));
  const seen = await Promise.all(
    next.map(async (operation) => [operation, await observeHooks(runbook, operation)] as const),
  );
  return Object.fromEntries(seen.filter(([, hooks]) => hooks !== undefined));
}

async function unsetForNotices({ notices = [] }: Runbook): Promise<readonly string[]> {
  const names = [...new Set(notices.flatMap(({ urlFrom, secretFrom }) => [urlFrom, secretFrom ?? []].flat()))].sort();
  return names.length === 0 ? [] : control.examineVariables({ names });
}
