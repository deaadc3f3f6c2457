import type { Client, Connection } from '@temporalio/client';
import { SwitchbackFailure } from '../../core/model/failure';
import { createClient } from '../../temporal/create-client';
import { startTracing } from '../../temporal/tracing';
import type { ConnectionOptions } from '../options';
import { connectionSettings, type ConnectionSettings } from './connection-settings';
import { asFailure } from './failures';

const CONNECT_TIMEOUT_MS = 3000;
const CALL_TIMEOUT_MS = 10_000;

/** An open connection to the server that the flags and the environment name. */
export interface Session {
  readonly client: Client;
  readonly connection: Connection;
  readonly settings: ConnectionSettings;
  /** One call with a deadline (default 10 s), its errors as `SwitchbackFailure`. */
  call<T>(what: string, run: () => Promise<T>, timeoutMs?: number): Promise<T>;
}

/** Opens a session for the time of `use`. Throws `TemporalUnavailable` within 5 s when no server answers. */
export async function withSession<T>(
  flags: ConnectionOptions,
  env: Readonly<Record<string, string | undefined>>,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const [settings, tracing] = await Promise.all([settingsOf(flags, env), startTracing('switchback')]);
  const connection = await connect(settings);
  try {
    return await use({
      client: await createClient(connection, settings.namespace, tracing),
      connection,
      settings,
      call: (what, run, timeoutMs = CALL_TIMEOUT_MS) =>
        connection.withDeadline(Date.now() + timeoutMs, run).catch((error: unknown) => {
          throw asFailure(error, what);
        }),
    });
  } finally {
    await Promise.all([connection.close(), tracing?.flush()]);
  }
}

async function settingsOf(
  flags: ConnectionOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ConnectionSettings> {
  try {
    return await connectionSettings(flags, env);
  } catch (error) {
    throw new SwitchbackFailure('InvalidInput', `The connection settings cannot be used: ${messageOf(error)}`);
  }
}

async function connect(settings: ConnectionSettings): Promise<Connection> {
  const { Connection } = await import('@temporalio/client');
  try {
    return await Connection.connect({ ...settings.connection, connectTimeout: CONNECT_TIMEOUT_MS });
  } catch (error) {
    throw new SwitchbackFailure(
      'TemporalUnavailable',
      `No Temporal server answers at ${settings.address} (${messageOf(error)}). ` +
        'Start one with `switchback dev`, or name another with --address or TEMPORAL_ADDRESS.',
      { address: settings.address },
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
