import { ApplicationFailure, getExternalWorkflowHandle, patched, setHandler, workflowInfo } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import { StepGraph } from '../core/running/step-graph';
import { executePlan } from './execute-plan';
import { performActivity } from './perform-step';
import { RunControl } from './run-control';
import { RunRecord } from './run-record';
import {
  segmentCommand,
  segmentCommandShape,
  segmentNews,
  type SegmentCommand,
  type SegmentInput,
  type SegmentResult,
} from './segment-messages';

const NOT_BY_HAND =
  'executeSegment is a part of a run and is started by it alone. Start failover, reprotect or failback instead.';

/**
 * Runs one batch of a large plan as a child workflow, so that the history of the run stays small.
 *
 * @throws ApplicationFailure `InvalidInput` when a person starts it: its input comes from the run that it belongs to
 */
export async function executeSegment(input: SegmentInput): Promise<SegmentResult> {
  if (workflowInfo().parent === undefined) throw ApplicationFailure.nonRetryable(NOT_BY_HAND, 'InvalidInput');
  const control = new RunControl();
  const record = new RunRecord();
  const graph = new StepGraph<PlanStep>(input.steps, {
    requiresOf: (step) => input.requires[step.id] ?? step.dependsOn,
  });
  graph.seed(Object.values(input.known));
  setHandler(segmentCommand, (message) => {
    const { data } = segmentCommandShape.safeParse(message);
    if (data) obey(control, data);
  });

  const outcome = await executePlan({
    graph,
    control,
    concurrency: input.concurrency,
    onFailure: input.onFailure,
    perform: (step) =>
      performActivity(input.context, step, (id) => (graph.stepOf(id) ? graph.stateOf(id) : input.known[id])),
    ...recorders(input, { record, graph }),
  });
  return { outcome, states: graph.allStates(), events: record.events };
}

function recorders(input: SegmentInput, run: { record: RunRecord; graph: StepGraph<PlanStep> }) {
  const { record, graph } = run;
  const prefix = input.compensating ? 'compensation' : 'step';
  const failures = new Map<string, number>();
  const tell = () => tellRun(graph, failures);
  const tellOnce = oneAtATime(tell);
  return {
    scheduled: (step: PlanStep) => record.add({ kind: `${prefix}-scheduled`, step: step.id }),
    done: (step: PlanStep, result: Parameters<typeof graph.succeed>[1]) =>
      record.add({ kind: `${prefix}-done`, step: step.id, result }),
    failed: (step: PlanStep, error: Parameters<typeof graph.fail>[1]) => {
      record.add({ kind: `${prefix}-failed`, step: step.id, error });
      failures.set(step.id, (failures.get(step.id) ?? 0) + 1);
      if (input.onFailure !== 'ask') return;
      if (patched('news-one-at-a-time')) tellOnce();
      else void tell();
    },
  };
}

/**
 * News name all that has failed, so that one message at a time is enough. When a site fails, hundreds of steps do so at the same
 * moment, and a message for each would not fit into the answer of one workflow task.
 */
function oneAtATime(tell: () => Promise<void>): () => void {
  let news = false;
  let telling = false;
  const tellAll = async (): Promise<void> => {
    telling = true;
    while (news) {
      news = false;
      await tell();
    }
    telling = false;
  };
  return () => {
    news = true;
    if (!telling) void tellAll();
  };
}

async function tellRun(graph: StepGraph<PlanStep>, failures: ReadonlyMap<string, number>): Promise<void> {
  const parent = workflowInfo().parent;
  if (parent === undefined) return;
  const failed = graph
    .withStatus('failed')
    .flatMap(({ id, error }) => (error ? [{ id, error, failures: failures.get(id) ?? 1 }] : []));
  const handle = getExternalWorkflowHandle(parent.workflowId, parent.runId);
  // A run that has ended needs no news; the batch is asked to stop by it or by its close policy.
  await handle.signal(segmentNews, { batch: workflowInfo().workflowId, failed }).catch(() => undefined);
}

function obey(control: RunControl, command: SegmentCommand): void {
  switch (command.kind) {
    case 'pause':
    case 'resume':
      control.paused = command.kind === 'pause';
      control.wake();
      break;
    case 'stop':
      control.requestStop({ kind: 'abort', by: 'the run', reason: 'the run stops' });
      break;
    case 'retry':
      control.requestRetry(command.steps);
      break;
    case 'leave-out':
      control.leaveOut(command.step, command.as);
      break;
    default:
      command satisfies never;
  }
}
