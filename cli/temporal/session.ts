import type { Client, Connection } from '@temporalio/client';
import { blankSecrets, maskCredentials } from '../../core/model/credentials';
import { SwitchbackFailure } from '../../core/model/failure';
import { createClient } from '../../temporal/create-client';
import type { Mask } from '../../temporal/masked-span';
import { shownToServer } from '../../temporal/shown-to-server';
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
  const settings = await settingsOf(flags, env);
  const mask = maskOf(settings, env);
  const tracing = await startTracing('switchback', mask);
  const connection = await connect(settings, mask);
  try {
    return await use({
      client: await createClient(connection, settings.namespace, tracing),
      connection,
      settings,
      call: (what, run, timeoutMs = CALL_TIMEOUT_MS) =>
        connection.withDeadline(Date.now() + timeoutMs, run).catch((error: unknown) => {
          throw asFailure(error, what, mask);
        }),
    });
  } finally {
    await Promise.all([connection.close(), tracing?.flush()]);
  }
}

/** A server may repeat what it was shown, and what a command says is kept in the logs of whatever runs it. */
const maskOf =
  ({ connection }: ConnectionSettings, env: Readonly<Record<string, string | undefined>>): Mask =>
  (text) =>
    maskCredentials(blankSecrets(text, { ...env, ...shownToServer(connection) }));

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

async function connect(settings: ConnectionSettings, mask: Mask): Promise<Connection> {
  const { Connection } = await import('@temporalio/client');
  try {
    return await Connection.connect({ ...settings.connection, connectTimeout: CONNECT_TIMEOUT_MS });
  } catch (error) {
    throw new SwitchbackFailure(
      'TemporalUnavailable',
      `No Temporal server answers at ${settings.address} (${mask(messageOf(error))}). ` +
        'Start one with `switchback dev`, or name another with --address or TEMPORAL_ADDRESS.',
      { address: settings.address },
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
