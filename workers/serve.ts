import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { recordableText } from '../activities/recordable';
import { createWorkers, type WorkerParts } from './run-workers';
import { readSettings, type WorkerSettings } from './settings';

/** What differs between a worker of the product and one that measures it. */
export type Equipment = Pick<WorkerParts, 'drivers' | 'activities'>;

/** A worker process: reads the environment, connects, serves until it is asked to end. Sets the exit code; never throws. */
export function serve(equip: (settings: WorkerSettings) => Equipment | Promise<Equipment>): void {
  serveUntilAsked(equip).catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  });
}

async function serveUntilAsked(equip: (settings: WorkerSettings) => Equipment | Promise<Equipment>): Promise<void> {
  const logger = new DefaultLogger('WARN', (entry) => say(`${entry.level} ${entry.message} ${describe(entry.meta)}`));
  Runtime.install({ logger, shutdownSignals: [] });
  const settings = readSettings(process.env, process.cwd());
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const [connection, native] = await Promise.all([
    Connection.connect(connectionOptions),
    NativeConnection.connect(connectionOptions),
  ]);
  const workers = await createWorkers({ ...(await equip(settings)), settings, connection, native, namespace, say });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => workers.shutdown());
  say(`worker ${process.pid} serves ${settings.runbookFolder} (namespace ${namespace})`);
  await workers.run();
  await Promise.all([connection.close(), native.close()]);
}

/** Says what the worker does, one line each, on standard error. */
const say = (line: string): void => {
  process.stderr.write(`${new Date().toISOString()} ${recordableText(line)}\n`);
};

const describe = (meta: unknown): string => {
  const { error, ...rest } = (meta ?? {}) as { error?: unknown };
  const text = JSON.stringify(rest);
  return error instanceof Error ? `${text} ${error.stack ?? error.message}` : text;
};
