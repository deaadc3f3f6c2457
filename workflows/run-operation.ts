import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  patched,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { z } from 'zod';
import type { LoadedRunbook } from '../activities/contract';
import type { Acquired } from '../activities/group-contract';
import { courseOf, operationTraits, type Operation } from '../core/model/operation';
import { queries } from '../core/model/names';
import type { RecoveryPlan } from '../core/model/plan';
import type { RunEvent, RunStatus } from '../core/model/run';
import type { Verdict } from '../core/model/verdict';
import { leftAs } from '../core/running/left-as';
import { completed, rolledBack, type Ending } from './endings';
import { askAttestation } from './ask-attestation';
import { attributes } from './attributes';
import { continuedPlan } from './continue-run';
import type { OperationInput } from './messages';
import type { Course } from './course';
import { OperationRun } from './operation-run';
import { failByName } from './named-failure';
import { listenToPeople } from './operation-messages';
import { control } from './callers';
import { observe, preparePlan, refuseUnopenable, runRef } from './prepare-run';
import { begunBefore, goOnFrom, leftForPoint, startReason } from './point-change';
import { now } from './run-record';
import { SignatureChecks } from './signature-checks';
import { segmentNews, segmentNewsShape } from './segment-messages';

export interface OperationResult {
  readonly verdict: Verdict;
  readonly because: string;
  readonly reportFiles: readonly string[];
}

/** One run of an operation, from its input to its report. The same for every operation: what differs is the plan. */
export async function runOperation(operation: Operation, schema: z.ZodType, input: unknown): Promise<OperationResult> {
  const parsed = parseInput(operation, schema, input);
  const run = new OperationRun(runRef(workflowInfo(), parsed.runbook, operation), parsed);
  listen(run);
  run.record.add({
    kind: 'run-started',
    requestedBy: parsed.requestedBy ?? 'unnamed',
    ...startReason(parsed),
  });
  upsertSearchAttributes([
    { key: attributes.group, value: parsed.runbook },
    { key: attributes.operation, value: operation },
  ]);
  run.show();
  return failByName(async () => {
    const loaded = await control.loadRunbook({ runbook: parsed.runbook });
    const acquired = await acquire(run, loaded);
    const prepared = await prepare(run, loaded, acquired);
    const ending = await carryOut(run, prepared, acquired);
    const result = await close(run, acquired, ending);
    if (ending.change) await goOnFrom(run, ending.change);
    return result;
  });
}

function parseInput(operation: Operation, schema: z.ZodType, input: unknown): OperationInput {
  const result = schema.safeParse(input);
  if (result.success) return result.data as OperationInput;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
  throw ApplicationFailure.nonRetryable(
    `${operation} takes one JSON object like {"runbook":"shop"}. ${problems.join('; ')}`.slice(0, 2000),
    'InvalidInput',
  );
}

/** Queries and messages, before the first await, so that nothing sent early is lost. */
function listen(run: OperationRun): void {
  setHandler(defineQuery<RunStatus>(queries.status), () => run.status());
  setHandler(defineQuery<RecoveryPlan | null>(queries.plan), () => run.plan ?? null);
  setHandler(defineQuery<readonly RunEvent[], [unknown]>(queries.timeline), (page) => run.record.page(page));
  setHandler(segmentNews, (message) => {
    const { data } = segmentNewsShape.safeParse(message);
    if (data) run.heard(data);
  });
  listenToPeople({
    control: run.control,
    record: run.record,
    view: () => run.view(),
    run: run.ref,
    plan: () => run.plan,
    changed: () => run.show(),
    batches: run,
    input: run.input,
    checks: new SignatureChecks(),
  });
  // A cancel request from Temporal is a person who wants out: back before the commit point, a stop after it.
  void CancellationScope.current()
    .cancelRequested.catch(() => undefined)
    .then(() => {
      const kind = run.committing ? 'abort' : 'rollback';
      run.control.requestStop({ kind, by: 'cancel request', reason: 'the workflow was asked to cancel' });
      return run.forwardToBatches();
    });
}

function acquire(run: OperationRun, loaded: LoadedRunbook): Promise<Acquired> {
  const { workflowId, runId, operation } = run.ref;
  return control.acquireGroup({
    group: loaded.runbook.group,
    runbook: run.input.runbook,
    holder: { workflowId, runId, operation, since: run.startedAt },
    ...(run.input.resumeOf && { resumeOf: run.input.resumeOf }),
    ...(run.input.follows && { resumeOf: { workflowId, runId: run.input.follows.runId }, anew: true as const }),
  });
}

/** The plan: compiled from what is seen now, or the one of the run that this one continues. On failure the group is free again. */
async function prepare(run: OperationRun, loaded: LoadedRunbook, acquired: Acquired): Promise<Course> {
  try {
    const { resumeOf } = run.input;
    const prepared = resumeOf ? await continuedPlan(run, loaded, resumeOf) : await freshPlan(run, loaded, acquired);
    refuseUnopenable(prepared.plan, prepared.known, run.requester);
    run.plan = prepared.plan;
    run.record.add({ kind: 'plan-pinned', hash: prepared.plan.hash, operationKeyBase: prepared.keyBase });
    run.notifier.begin(prepared.plan.runbook.notices ?? []);
    run.show();
    return prepared;
  } catch (error) {
    const because =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    await CancellationScope.nonCancellable(() => giveBack(run, acquired, because));
    throw error;
  }
}

async function freshPlan(run: OperationRun, loaded: LoadedRunbook, acquired: Acquired): Promise<Course> {
  const plan = await preparePlan(loaded, acquired, { operation: run.ref.operation, input: run.input });
  return { plan, known: begunBefore(run, plan), undone: new Map(), keyBase: run.ref.runId };
}

async function carryOut(run: OperationRun, prepared: Course, acquired: Acquired): Promise<Ending> {
  const { plan } = prepared;
  const outcome = await run.execute(prepared);
  if (outcome === 'complete') return completed(run, courseOf(plan.operation, acquired.before).to);
  if (outcome.kind === 'abort' || run.committed) {
    return { verdict: 'aborted', because: `${outcome.by}: ${outcome.reason}`, phase: 'Incomplete' };
  }
  const clean = await run.rollBack(prepared, outcome);
  if (clean && outcome.change) return leftForPoint(outcome, outcome.change);
  return rolledBack(outcome, { clean, before: acquired.before });
}

/** How long the report, and with it the group, waits for notices that are on their way; and then, with the group free, the run. */
const TOLD_IN_REPORT_WITHIN = '3 seconds';
const TOLD_WITHIN = '20 seconds';

async function close(run: OperationRun, acquired: Acquired, ending: Ending): Promise<OperationResult> {
  const { verdict, because } = ending;
  if (ending.phase === 'Incomplete' && !operationTraits[run.ref.operation].isolated && patched('left-as'))
    await CancellationScope.nonCancellable(() => lookAround(run));
  // When it goes on from another recovery point, people look at the next run.
  if (!ending.change) await CancellationScope.nonCancellable(() => askAttestation(run, ending));
  run.finish(verdict, because);
  const reportFiles = await CancellationScope.nonCancellable(async () => {
    await run.notifier.settled(TOLD_IN_REPORT_WITHIN);
    const { files, measured, figures, evidence, unkept } = await control.writeReport({
      run: run.ref,
      verdict,
      because,
    });
    // Kept with the run and with the group: nobody can cut off the end of the chain unseen.
    if (evidence) upsertMemo({ evidence });
    // One that continues another has the time in between, and only a part of the plan is its own.
    const own = run.input.resumeOf === undefined && measured ? { measured } : {};
    await release(run, acquired, {
      ...ending,
      written: { ...own, ...(figures && { figures }), ...(evidence && { evidence }) },
      ...(unkept !== undefined && { unkept: true }),
    });
    await run.notifier.settled(TOLD_WITHIN);
    await condition(allHandlersFinished);
    return files;
  });
  return { verdict, because, reportFiles };
}

/** People are to know what runs where when nothing goes on by itself. A site that does not answer says so. */
async function lookAround(run: OperationRun): Promise<void> {
  if (run.plan === undefined) return;
  const { runbook, from, operation } = run.plan;
  run.left = leftAs(await observe(runbook, { phase: 'Incomplete', activeSite: from }, operation));
  run.record.add({ kind: 'left-as', left: run.left });
}

async function release(run: OperationRun, acquired: Acquired, ending: Ending): Promise<void> {
  const { epochs, before } = acquired;
  const { activeBefore, activeAfter } = courseOf(run.ref.operation, before);
  const epoch = run.committed ? epochs.to : (run.rolledBackTo ?? epochs.from);
  await control.releaseGroup({
    group: run.ref.group,
    holder: holderOf(run),
    summary: {
      workflowId: run.ref.workflowId,
      runId: run.ref.runId,
      operation: run.ref.operation,
      verdict: ending.verdict,
      startedAt: run.startedAt,
      finishedAt: now(),
      ...ending.written,
    },
    phase: ending.phase,
    epoch,
    activeSite: run.committed ? activeAfter : activeBefore,
    because: ending.because,
    ...(ending.unkept && { unkept: true as const }),
  });
}

/** Nothing was changed: the group is as it was. */
async function giveBack(run: OperationRun, acquired: Acquired, because: string): Promise<void> {
  run.finish('refused', because);
  await release(run, acquired, { verdict: 'refused', because, phase: acquired.before });
}

const holderOf = (run: OperationRun) => ({
  workflowId: run.ref.workflowId,
  runId: run.ref.runId,
  operation: run.ref.operation,
  since: run.startedAt,
});
