import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { localDrivers } from './local-drivers';
import { createWorkers } from './run-workers';
import { readSettings } from './settings';

/** Says what the worker does, one line each, on standard error. */
const say = (line: string): void => {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
};

/** The worker process: reads the environment, connects, serves until it is asked to end. */
async function main(): Promise<void> {
  const logger = new DefaultLogger('WARN', (entry) => say(`${entry.level} ${entry.message} ${describe(entry.meta)}`));
  Runtime.install({ logger, shutdownSignals: [] });
  const settings = readSettings(process.env, process.cwd());
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const [connection, native] = await Promise.all([
    Connection.connect(connectionOptions),
    NativeConnection.connect(connectionOptions),
  ]);
  const workers = await createWorkers({
    settings,
    drivers: localDrivers(settings),
    connection,
    native,
    namespace,
    say,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => workers.shutdown());
  say(`worker ${process.pid} serves ${settings.runbookFolder} (namespace ${namespace})`);
  await workers.run();
  await Promise.all([connection.close(), native.close()]);
}

const describe = (meta: unknown): string => {
  const { error, ...rest } = (meta ?? {}) as { error?: unknown };
  const text = JSON.stringify(rest);
  return error instanceof Error ? `${text} ${error.stack ?? error.message}` : text;
};

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
