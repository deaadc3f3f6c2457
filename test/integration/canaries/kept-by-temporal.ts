import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { compressingCodec } from '../../../temporal/compressing-codec';

/** All that Temporal tells of every workflow: history, memo, search attributes; payloads decoded, and as they are. */
export async function keptByTemporal(client: Client): Promise<readonly { place: string; bytes: Buffer }[]> {
  const kept: { place: string; bytes: Buffer }[] = [];
  for await (const { workflowId, runId, raw } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    kept.push({ place: `history of ${workflowId}`, bytes: await decoded(history) });
    kept.push({ place: `memo and search attributes of ${workflowId}`, bytes: await decoded(raw) });
  }
  return kept;
}

async function decoded(value: unknown): Promise<Buffer> {
  const payloads: Payload[] = [];
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('latin1');
    if (isPayload(part)) payloads.push(part);
    return typeof part === 'bigint' ? String(part) : part;
  });
  const plain = await compressingCodec.decode(payloads);
  return Buffer.concat([Buffer.from(text), ...plain.map(({ data }) => Buffer.from(data ?? []))]);
}

const isPayload = (part: unknown): part is Payload =>
  typeof part === 'object' && part !== null && 'data' in part && part.data instanceof Uint8Array;
