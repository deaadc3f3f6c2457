import { defaultPayloadConverter } from '@temporalio/common';
import {
  ContinueAsNew,
  proxySinks,
  workflowInfo,
  type Headers,
  type Sinks,
  type WorkflowInterceptors,
} from '@temporalio/workflow';
import { TRACE_HEADER, traceParent, type TraceParent, type WorkflowSpan } from '../core/model/workflow-span';

export interface TraceSinks extends Sinks {
  readonly trace: { ended(span: WorkflowSpan): void };
}

/** Lives as long as its group: a trace that goes on for ever is of no use to anybody. */
const ENDLESS = 'protection';

/**
 * Hands the trace of whoever started a run on to its activities and children, and tells the worker the span of the run when it ends.
 *
 * Copies a header and nothing else: it waits for nothing, draws no random number (the id of the span is from that of the run) and
 * gives no command, so that a history is the same with it and without it, and either replays with the other. The interceptors of
 * `@temporalio/interceptors-opentelemetry` wait in between, which moves what runs side by side (docs/adr/0039-metrics-and-traces.md).
 */
export function interceptors(): WorkflowInterceptors {
  let handedOn: Headers = {};
  const withTrace = <Input extends { readonly headers: Headers }>(input: Input): Input => ({
    ...input,
    headers: { ...input.headers, ...handedOn },
  });
  return {
    inbound: [
      {
        execute(input, next) {
          const parent = parentIn(input.headers);
          const { workflowType, runId } = workflowInfo();
          if (parent === undefined || workflowType === ENDLESS) return next(input);
          const spanId = runId.replaceAll('-', '').slice(0, 16);
          handedOn = headerOf({ ...parent, span: spanId });
          const result = next(input);
          const ended = (error?: unknown): void =>
            proxySinks<TraceSinks>().trace.ended({
              ...{ parent: textOf(parent), spanId, attributes: attributesOf(input.args[0]), endMs: Date.now() },
              ...{ name: `RunWorkflow:${workflowType}`, startMs: workflowInfo().runStartTime.getTime() },
              ...(error !== undefined && { error: error instanceof Error ? error.message : 'failed' }),
            });
          void result.then(
            () => ended(),
            (error: unknown) => ended(error instanceof ContinueAsNew ? undefined : error),
          );
          return result;
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(withTrace(input)),
        startChildWorkflowExecution: (input, next) => next(withTrace(input)),
        continueAsNew: (input, next) => next(withTrace(input)),
      },
    ],
  };
}

function parentIn(headers: Headers): TraceParent | undefined {
  const payload = headers[TRACE_HEADER];
  if (payload === undefined) return undefined;
  const carrier = defaultPayloadConverter.fromPayload<{ readonly traceparent?: unknown } | null>(payload);
  return traceParent(carrier?.traceparent);
}

const textOf = ({ trace, span, flags }: TraceParent): string => `00-${trace}-${span}-${flags}`;

const headerOf = (parent: TraceParent): Headers => ({
  [TRACE_HEADER]: defaultPayloadConverter.toPayload({ traceparent: textOf(parent) }),
});

function attributesOf(input: unknown): WorkflowSpan['attributes'] {
  const { workflowId, runId, workflowType } = workflowInfo();
  const { runbook } = (input ?? {}) as { readonly runbook?: unknown };
  return {
    'switchback.run': workflowId,
    'switchback.run_id': runId,
    'switchback.operation': workflowType,
    ...(typeof runbook === 'string' && { 'switchback.group': runbook }),
  };
}
