import type { ConnectionOptions as ClientConnectionOptions } from '@temporalio/client';
import type { ConnectionOptions } from '../options';

const DEFAULT_ADDRESS = '127.0.0.1:7233';

export interface ConnectionSettings {
  readonly address: string;
  readonly namespace: string;
  /** With `address`; TLS, API key and metadata as the environment and the profile say. */
  readonly connection: ClientConnectionOptions;
}

/** Flags over environment over profile over the defaults of a server on this machine. */
export async function connectionSettings(
  flags: ConnectionOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ConnectionSettings> {
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  const { connectionOptions, namespace } = loadClientConnectConfig({
    ...(flags.profile !== undefined && { profile: flags.profile }),
    overrideEnvVars: definedOnly(env),
  });
  const address = flags.address ?? connectionOptions.address ?? DEFAULT_ADDRESS;
  return {
    address,
    namespace: flags.namespace ?? namespace ?? 'default',
    connection: { ...(connectionOptions as ClientConnectionOptions), address },
  };
}

const definedOnly = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
