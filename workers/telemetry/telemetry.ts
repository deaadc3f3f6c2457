import { trace } from '@opentelemetry/api';
import type { Client } from '@temporalio/client';
import type { MetricMeter } from '@temporalio/common';
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { ActivityInterceptorsFactory, WorkerOptions } from '@temporalio/worker';
import type { RunbookFolder } from '../../activities/runbook-folder';
import type { DriverSet } from '../../drivers/driver-set';
import type { Tracing } from '../../temporal/tracing';
import type { About } from './about-request';
import { Gauges } from './gauges';
import { GroupMetrics } from './group-metrics';
import { observeActivities } from './observe-activities';
import { tracedDrivers } from './traced-drivers';
import { WorkFigures } from './work-figures';
import { traceSinks } from './workflow-spans';

export interface TelemetryParts {
  /** Absent: no metrics are exported. */
  readonly meter?: MetricMeter;
  /** Absent: nothing is traced. */
  readonly tracing?: Tracing;
  /** Absent: nobody reads it. */
  readonly warn?: (message: string, error: unknown) => void;
}

/** What a worker is given so that it can be seen: log attributes in any case, metrics and traces where they are asked for. */
export class Telemetry {
  private readonly figures: WorkFigures | undefined;

  constructor(private readonly parts: TelemetryParts) {
    this.figures = parts.meter && new WorkFigures(parts.meter);
  }

  get tracing(): Tracing | undefined {
    return this.parts.tracing;
  }

  get workerOptions(): Pick<WorkerOptions, 'interceptors' | 'sinks'> {
    const { tracing } = this.parts;
    const traced: ActivityInterceptorsFactory[] = tracing
      ? [
          (context) => ({
            inbound: new OpenTelemetryActivityInboundInterceptor(context, { tracer: tracing.tracer }),
            outbound: new OpenTelemetryActivityOutboundInterceptor(context),
          }),
        ]
      : [];
    const observed = observeActivities({
      ...(this.figures && { figures: this.figures }),
      ...(tracing && { begins: describeSpan }),
    });
    return { interceptors: { activity: [...traced, observed] }, sinks: traceSinks(tracing) };
  }

  drivers(drivers: DriverSet): DriverSet {
    const { tracing } = this.parts;
    return tracing ? tracedDrivers(drivers, tracing.tracer) : drivers;
  }

  /** Undefined when nobody asks for metrics. */
  groups(client: Client, runbooks: RunbookFolder): GroupMetrics | undefined {
    const { meter, warn = () => undefined } = this.parts;
    const { figures } = this;
    if (!meter || !figures) return undefined;
    return new GroupMetrics({
      client,
      runbook: (group) =>
        runbooks.load(group).then(
          ({ runbook }) => runbook,
          () => undefined,
        ),
      gauges: new Gauges(meter),
      found: (group) => figures.expect(group),
      warn,
    });
  }
}

/** The activity's own span, which was begun before. */
function describeSpan({ operationKey, ...about }: About): void {
  const named = { ...about, ...(operationKey !== undefined && { operation_key: operationKey }) };
  const attributes = Object.entries(named).map(([name, value]) => [`switchback.${name}`, value]);
  trace.getActiveSpan()?.setAttributes(Object.fromEntries(attributes) as Record<string, string>);
}
