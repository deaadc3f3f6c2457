import { Connection } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { recordableText } from '../activities/recordable';
import { startTracing } from '../temporal/tracing';
import { connectionSettings } from './connection-settings';
import { createWorkers, type WorkerParts } from './run-workers';
import { readSettings, type WorkerSettings } from './settings';
import { createLog, type WorkerLog } from './telemetry/log';
import { metricsExporter } from './telemetry/metrics-exporter';
import { Telemetry } from './telemetry/telemetry';

/** What differs between a worker of the product and one that measures it. */
export type Equipment = Pick<WorkerParts, 'drivers' | 'activities'>;

type Equip = (settings: WorkerSettings) => Equipment | Promise<Equipment>;

/** A worker process: reads the environment, connects, serves until it is asked to end. Sets the exit code; never throws. */
export function serve(equip: Equip): void {
  const write = (line: string): void => void process.stderr.write(`${line}\n`);
  const log = createLog({
    form: process.env['SWITCHBACK_LOG'] === 'json' ? 'json' : 'text',
    mask: recordableText,
    write,
  });
  serveUntilAsked(equip, log).catch((error: unknown) => {
    log.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  });
}

async function serveUntilAsked(equip: Equip, { logger, say }: WorkerLog): Promise<void> {
  const settings = readSettings(process.env, process.cwd());
  const { metrics } = settings;
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: {
      // What the native part of the SDK says comes in the same form.
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(metrics !== undefined && { metrics: metricsExporter(metrics) }),
    },
  });
  const tracing = await startTracing('switchback-worker', recordableText);
  const telemetry = new Telemetry({
    ...(metrics !== undefined && { meter: Runtime.instance().metricMeter }),
    ...(tracing && { tracing }),
    warn: (message, error) => void logger.warn(message, { error }),
  });
  const { connectionOptions, namespace } = connectionSettings();
  const [connection, native] = await Promise.all([
    Connection.connect(connectionOptions),
    NativeConnection.connect(connectionOptions),
  ]);
  const common = { settings, connection, native, namespace, say, telemetry };
  const workers = await createWorkers({ ...(await equip(settings)), ...common });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => workers.shutdown());
  say(`worker ${process.pid} serves ${settings.runbookFolder} (namespace ${namespace})`);
  if (metrics !== undefined) say(`metrics are at http://${metrics}/metrics`);
  await workers.run();
  await Promise.all([connection.close(), native.close(), tracing?.flush()]);
}
