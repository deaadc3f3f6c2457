import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { InjectedSinks } from '@temporalio/worker';
import { traceParent, type WorkflowSpan } from '../../core/model/workflow-span';
import type { Tracing } from '../../temporal/tracing';
import type { TraceSinks } from '../../workflows/trace-context';

type SpanTaker = Pick<Tracing, 'processor' | 'resource'>;

/** Takes the spans of workflows out of the sandbox. Without tracing they are dropped: the starter alone was traced. */
export const traceSinks = (tracing: SpanTaker | undefined): InjectedSinks<TraceSinks> => ({
  trace: {
    ended: {
      fn: (_info, span) => {
        const readable = tracing && readableSpan(span, tracing.resource);
        if (readable) tracing.processor.onEnd(readable);
      },
    },
  },
});

/** Undefined when whoever started the run does not want it recorded. */
function readableSpan(span: WorkflowSpan, resource: ReadableSpan['resource']): ReadableSpan | undefined {
  const parent = traceParent(span.parent);
  const traceFlags = Number.parseInt(parent?.flags ?? '0', 16);
  if (parent === undefined || (traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  const { name, spanId, startMs, endMs, error, attributes } = span;
  const context = { traceId: parent.trace, spanId, traceFlags };
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => context,
    parentSpanId: parent.span,
    startTime: millisToHrTime(startMs),
    endTime: millisToHrTime(endMs),
    duration: millisToHrTime(Math.max(0, endMs - startMs)),
    status: error === undefined ? { code: SpanStatusCode.OK } : { code: SpanStatusCode.ERROR, message: error },
    attributes,
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationLibrary: { name: 'switchback' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
