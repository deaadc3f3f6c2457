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
  const plain = await compressingCodec.decode([...payloadsIn(value)]);
  return Buffer.concat([Buffer.from(JSON.stringify(value)), ...plain.map(({ data }) => Buffer.from(data ?? []))]);
}

/** Found before anything is made JSON of, which has texts in base64 in the place of bytes. */
function payloadsIn(value: unknown): readonly Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return isPayload(value) ? [value] : Object.values(value).flatMap(payloadsIn);
}

const isPayload = (part: object): part is Payload => 'data' in part && part.data instanceof Uint8Array;
