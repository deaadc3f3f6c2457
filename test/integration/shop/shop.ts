import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildShop } from '../../../demo/shop/build';

export type Tier = 'ledger' | 'api' | 'web';

export interface RunningTier {
  readonly child: ChildProcess;
  readonly url: string;
  readonly port: number;
}

export interface TierOptions {
  readonly site?: string;
  readonly address?: string;
  readonly epoch?: number;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built shop in a temporary folder, and every tier that a test has started. */
export class Shop {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'switchback-shop-'));
  private readonly children: ChildProcess[] = [];

  static async create(): Promise<Shop> {
    const shop = new Shop();
    await buildShop(shop.folder);
    return shop;
  }

  volume(site = 'paris'): string {
    return path.join(this.folder, site, 'orders');
  }

  fenceFile(site = 'paris'): string {
    return path.join(this.folder, site, 'fence.json');
  }

  isolatedMarker(site = 'paris'): string {
    return path.join(this.folder, site, 'isolated');
  }

  log(site = 'paris'): string {
    return readFileSync(path.join(this.volume(site), 'orders.log'), 'utf8');
  }

  /** Spawns a tier and returns at once. */
  async spawn(tier: Tier, options: TierOptions = {}): Promise<RunningTier> {
    const { site = 'paris', address = '127.0.1.1', epoch = 1, env = {} } = options;
    const port = options.port ?? (await freePort());
    mkdirSync(path.join(this.folder, site), { recursive: true });
    const child = spawn(process.execPath, [path.join(this.folder, `${tier}.cjs`)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        SWITCHBACK_SITE: site,
        SWITCHBACK_ADDRESS: address,
        SWITCHBACK_PORT: String(port),
        SWITCHBACK_EPOCH: String(epoch),
        SWITCHBACK_FENCE_FILE: this.fenceFile(site),
        SWITCHBACK_ISOLATED_MARKER: this.isolatedMarker(site),
        SWITCHBACK_VOLUME_ORDERS: this.volume(site),
        ...env,
      },
    });
    this.children.push(child);
    return { child, port, url: `http://${address}:${port}` };
  }

  /** Spawns a tier and returns when it is healthy. */
  async start(tier: Tier, options: TierOptions = {}): Promise<RunningTier> {
    const running = await this.spawn(tier, options);
    await until(async () => (await status(`${running.url}/health`)) === 200);
    return running;
  }

  /** Three tiers of one site; returns the web tier and the ledger. */
  async startAll(options: TierOptions = {}): Promise<{ readonly web: RunningTier; readonly ledger: RunningTier }> {
    const { port, ...rest } = options;
    const ledger = await this.start('ledger', rest);
    const api = await this.start('api', { ...rest, env: { LEDGER_PORT: String(ledger.port) } });
    const web = { ...rest, env: { API_PORT: String(api.port) } };
    return { ledger, web: await this.start('web', port === undefined ? web : { ...web, port }) };
  }

  async remove(): Promise<void> {
    for (const child of this.children) await kill(child);
    rmSync(this.folder, { recursive: true });
  }
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** HTTP status; 0 when there is no answer. */
export async function status(url: string): Promise<number> {
  return fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );
}

export interface PlacedOrder {
  readonly status: number;
  readonly body: { readonly seq?: number; readonly epoch?: number; readonly site?: string; readonly error?: string };
}

/** Status 0: no answer. */
export async function order(url: string, id: string): Promise<PlacedOrder> {
  try {
    const response = await fetch(`${url}/orders`, { method: 'POST', body: JSON.stringify({ id }) });
    return { status: response.status, body: (await response.json()) as PlacedOrder['body'] };
  } catch {
    return { status: 0, body: {} };
  }
}

export async function freePort(): Promise<number> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.listen(0, '0.0.0.0', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Waits for a condition; throws after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const since = Date.now();
  while (!(await condition())) {
    if (Date.now() - since > 10_000) throw new Error('the condition did not come true within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
