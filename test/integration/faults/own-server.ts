import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Connection, type Client } from '@temporalio/client';
import { searchAttributes } from '../../../core/model/search-attributes';
import { createClient } from '../../../temporal/create-client';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer, type RunningServer } from '../../../workers/temporal-server/start-temporal-server';

/** A server in a folder, which may be ended and started again with all it knew. */
export class OwnServer {
  private constructor(
    private readonly serve: (port?: number) => Promise<RunningServer>,
    private running: RunningServer,
  ) {}

  static async start(home: string): Promise<OwnServer> {
    const { TEMPORAL_ADDRESS: _others, ...env } = process.env;
    const found = await findTemporalServer({ say: () => undefined, env });
    if (found.kind !== 'binary') throw new Error('these tests end the server, so they need one of their own');
    const serve = async (port?: number): Promise<RunningServer> =>
      startTemporalServer({
        binary: found.path,
        dbFile: path.join(home, 'temporal.db'),
        logFile: path.join(home, 'temporal.log'),
        searchAttributes,
        uiPort: false,
        ...(port !== undefined && { port }),
      });
    return new OwnServer(serve, await serve());
  }

  get address(): string {
    return this.running.address;
  }

  /** As a crash would end it; it is back on the same file and port when this resolves. */
  async crash(): Promise<void> {
    const port = Number(this.address.split(':').at(-1));
    await this.running.kill9();
    this.running = await this.serve(port);
  }

  async stop(): Promise<void> {
    await this.running.stop();
  }
}

/** Of a worker: nothing of what the person has set for another server. */
export async function environmentFor(home: string, address: string, runbookFolder: string): Promise<NodeJS.ProcessEnv> {
  const profile = path.join(home, 'temporal-profile.toml');
  await writeFile(profile, '[profile.default]\n');
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(others),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: profile,
    SWITCHBACK_HOME: home,
    SWITCHBACK_RUNBOOKS: runbookFolder,
  };
}

export async function clientOf(address: string): Promise<Client> {
  const connection = await Connection.connect({ address });
  return createClient(connection);
}
