import { SwitchbackFailure } from '../../../core/model/failure';
import type { TrafficSpec } from '../../../core/model/traffic';
import type { CallContext } from '../../ports';
import { withinTime } from '../../within-time';
import type { RecordChange, RecordSet } from './record-set';

const timeoutMs = 3_000;

export type LocalTrafficSpec = TrafficSpec & {
  readonly provider: Extract<TrafficSpec['provider'], { driver: 'local' }>;
};

export function localRecord(record: TrafficSpec): LocalTrafficSpec {
  const { provider } = record;
  if (provider.driver === 'local') return { ...record, provider };
  const message = `record "${record.name}" is of provider "${provider.driver}"; this driver serves provider "local"`;
  throw new SwitchbackFailure('DriverMissing', message, { record: record.name });
}

/** All record sets of one name. */
export async function readSets(
  { provider }: LocalTrafficSpec,
  name: string,
  context: CallContext,
): Promise<readonly RecordSet[]> {
  const url = new URL(`/records?name=${encodeURIComponent(name)}`, provider.api);
  const response = await request(url, { method: 'GET' }, context);
  const { sets } = JSON.parse(response.text) as { sets: readonly RecordSet[] };
  return sets;
}

/** False: something was not as the batch expects, and nothing was changed. */
export async function changeSets(
  { provider }: LocalTrafficSpec,
  changes: readonly RecordChange[],
  context: CallContext,
): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  const url = new URL('/changes', provider.api);
  const response = await request(url, { method: 'POST', headers, body: JSON.stringify({ changes }) }, context);
  if (response.ok || response.status === 409) return response.ok;
  const message = `the DNS provider refused the change of "${changes[0]?.name}": ${response.text}`;
  throw new SwitchbackFailure('InvalidInput', message, { api: provider.api });
}

interface Answer extends Pick<Response, 'ok' | 'status'> {
  readonly text: string;
}

async function request(url: URL, init: RequestInit, { signal }: CallContext): Promise<Answer> {
  try {
    return await withinTime({ ms: timeoutMs, signal }, async (either) => {
      const response = await fetch(url, { ...init, redirect: 'error', signal: either });
      return { ok: response.ok, status: response.status, text: await response.text() };
    });
  } catch (error) {
    signal.throwIfAborted();
    const message = `the DNS provider at ${url.origin} does not answer: ${String(error)}`;
    throw new SwitchbackFailure('SiteUnreachable', message, { api: url.origin }, { cause: error });
  }
}
