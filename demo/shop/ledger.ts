import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { OrderLog } from './order-log';
import { readSettings, required, serveTier, type Answer } from './tier';
import { createWritePermission } from './write-permission';

const settings = readSettings('ledger');
const { site, epoch, tier } = settings;
const folder = required('SWITCHBACK_VOLUME_ORDERS');
const permission = createWritePermission(settings);
let log: OrderLog | undefined;

const server = serveTier(settings, async (route, body) => {
  if (log === undefined) return { status: 503, body: { error: 'starting' } };
  if (route === 'GET /health') return health(log);
  if (route === 'GET /orders/count') return { status: 200, body: { orders: log.count, head: log.head, epoch, site } };
  if (route === 'POST /orders') return placeOrder(log, body);
  return { status: 404, body: { error: `no such route: ${route}` } };
});

// The port is the lock of the volume: whoever does not get it must not touch the log.
server.once('listening', () => {
  mkdirSync(folder, { recursive: true });
  log = OrderLog.open(path.join(folder, 'orders.log'), { epoch, site });
});

async function placeOrder(orders: OrderLog, body: string): Promise<Answer | (() => Answer)> {
  const order = parseOrder(body);
  if (order === undefined)
    return { status: 400, body: { error: 'an order is a JSON object with a non-empty text "id"' } };
  const before = permission();
  if (!before.allowed) return { status: 503, body: { error: before.because } };
  const record = await orders.place({ id: order.id, order });
  // Asked again now that the order is on disk: a fence set meanwhile must find no acknowledgement after it.
  return () => {
    const now = permission();
    if (!now.allowed) return { status: 503, body: { error: now.because } };
    return { status: 201, body: { seq: record.seq, epoch, site, written: { epoch: record.epoch, site: record.site } } };
  };
}

function parseOrder(body: string): { readonly id: string } | undefined {
  try {
    const value = JSON.parse(body) as { readonly id?: unknown } | null;
    return typeof value?.id === 'string' && value.id !== '' ? { ...value, id: value.id } : undefined;
  } catch {
    return undefined;
  }
}

function health(orders: OrderLog): Answer {
  const writable = permission();
  const volume = { writable: isWritable(), orders: orders.count, chain: 'verified at start' };
  const ok = writable.allowed && volume.writable;
  const reason = writable.allowed ? {} : { because: writable.because };
  return { status: ok ? 200 : 503, body: { status: ok ? 'ok' : 'failing', tier, site, epoch, volume, ...reason } };
}

function isWritable(): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
