import type { Tracer } from '@opentelemetry/api';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { IResource } from '@opentelemetry/resources';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { SwitchbackFailure } from '../core/model/failure';
import { maskedSpan, type Mask } from './masked-span';

/** Traces of this process, as the standard variables of OpenTelemetry say. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Takes spans that ended elsewhere: in the sandbox of the workflows. */
  readonly processor: SpanProcessor;
  readonly resource: IResource;
  /** What a client starts and sends begins or continues a trace; what it only asks does not. */
  readonly client: WorkflowClientInterceptor;
  /** Sends what is still here. Never throws, and waits for a silent collector for 3 seconds at most. */
  flush(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

let started: Promise<Tracing | undefined> | undefined;

/**
 * Begins to trace, once a process. Undefined when nobody asks for traces: no OTEL_EXPORTER_OTLP_ENDPOINT (or
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT), or OTEL_SDK_DISABLED=true, or OTEL_TRACES_EXPORTER=none; then nothing is loaded.
 *
 * `mask`: what spans tell goes through it.
 *
 * @throws SwitchbackFailure `InvalidInput` for a protocol that is not spoken here
 */
export function startTracing(service: string, mask: Mask): Promise<Tracing | undefined> {
  started ??= isWanted(process.env) ? begin(service, mask) : Promise.resolve(undefined);
  return started;
}

function isWanted(env: Environment): boolean {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!endpoint || env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  return env['OTEL_TRACES_EXPORTER'] !== 'none';
}

const FLUSH_WITHIN_MS = 3_000;

async function begin(service: string, mask: Mask): Promise<Tracing> {
  const [{ BasicTracerProvider, BatchSpanProcessor }, resources, { AsyncLocalStorageContextManager }, interceptors] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/context-async-hooks'),
      import('@temporalio/interceptors-opentelemetry'),
    ]);
  const named = new resources.Resource({ 'service.name': service });
  const resource = named.merge(resources.detectResourcesSync({ detectors: [resources.envDetectorSync] }));
  const processor = new BatchSpanProcessor(masked(await exporterFor(process.env), mask));
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  // Sets the propagator of the W3C as well.
  provider.register({ contextManager: new AsyncLocalStorageContextManager().enable() });
  const tracer = provider.getTracer('switchback');
  const all = new interceptors.OpenTelemetryWorkflowClientInterceptor({ tracer });
  return {
    tracer,
    processor,
    resource,
    client: {
      startWithDetails: (input, next) => all.startWithDetails(input, next),
      signal: (input, next) => all.signal(input, next),
      startUpdate: (input, next) => all.startUpdate(input, next),
      startUpdateWithStart: (input, next) => all.startUpdateWithStart(input, next),
    },
    flush: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, FLUSH_WITHIN_MS)));
      await Promise.race([processor.forceFlush().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

/** The exporter reads address, headers, certificates and time limits from the standard variables by itself. */
async function exporterFor(env: Environment): Promise<SpanExporter> {
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'http/protobuf';
  if (protocol === 'http/protobuf') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
    return new OTLPTraceExporter();
  }
  if (protocol === 'http/json') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    return new OTLPTraceExporter();
  }
  throw new SwitchbackFailure(
    'InvalidInput',
    `OTEL_EXPORTER_OTLP_PROTOCOL is "${protocol}"; traces are sent by http/protobuf or http/json`,
  );
}

const masked = (exporter: SpanExporter, mask: Mask): SpanExporter => ({
  export: (spans, done) =>
    exporter.export(
      spans.map((span) => maskedSpan(span, mask)),
      done,
    ),
  shutdown: () => exporter.shutdown(),
  ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
});
