import { defaultPayloadConverter } from '@temporalio/common';
import { compressingCodec } from './compressing-codec';

/** Bytes that a value takes in Temporal, compressed where it is large. */
export async function encodedBytes(value: unknown): Promise<number> {
  const [payload] = await compressingCodec.encode([defaultPayloadConverter.toPayload(value)]);
  return payload?.data?.length ?? 0;
}
