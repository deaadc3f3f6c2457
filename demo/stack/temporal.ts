import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { searchAttributes } from '../../core/model/search-attributes';
import { findTemporalServer } from '../../workers/temporal-server/find-temporal-server';
import { isFree } from '../../workers/temporal-server/loopback-port';
import { startTemporalServer } from '../../workers/temporal-server/start-temporal-server';

/** A Temporal server that serves now. */
export interface TemporalServer {
  readonly address: string;
  readonly namespace: string;
  readonly uiAddress?: string;
  /** Pid when it was started here; absent for a server that was there before. */
  readonly pid?: number;
  /** Environment of a process that is to use this server and no other. */
  readonly env: NodeJS.ProcessEnv;
}

export interface TemporalOptions {
  readonly home: string;
  readonly say: (line: string) => void;
  /** Take the ports that clients and people expect, when they are free. */
  readonly standardPorts: boolean;
}

const standard = { port: 7233, uiPort: 8233 };

/** Where a command line that is told nothing looks for a server. */
export const standardAddress = `127.0.0.1:${standard.port}`;

/** Finds a server, or starts one that keeps its runs in the home. @throws SwitchbackFailure `TemporalUnavailable` */
export async function provideTemporal({ home, say, standardPorts }: TemporalOptions): Promise<TemporalServer> {
  const found = await findTemporalServer({ say });
  if (found.kind === 'address') {
    return { address: found.address, namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default', env: process.env };
  }
  const server = await startTemporalServer({
    binary: found.path,
    dbFile: path.join(home, 'temporal.db'),
    logFile: path.join(home, 'temporal.log'),
    searchAttributes,
    ...(standardPorts && (await freeStandardPorts())),
  });
  const { address, uiAddress, pid } = server;
  return {
    address,
    namespace: 'default',
    ...(uiAddress && { uiAddress }),
    pid,
    env: await environmentFor(home, address),
  };
}

async function freeStandardPorts(): Promise<{ port?: number; uiPort?: number }> {
  const [port, uiPort] = await Promise.all([isFree(standard.port), isFree(standard.uiPort)]);
  return { ...(port && { port: standard.port }), ...(uiPort && { uiPort: standard.uiPort }) };
}

/** Without the profile, keys and certificates that the person may have for another server. */
async function environmentFor(home: string, address: string): Promise<NodeJS.ProcessEnv> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  const profile = path.join(home, 'temporal-profile.toml');
  await writeFile(profile, '[profile.default]\n');
  return {
    ...Object.fromEntries(others),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: profile,
  };
}
