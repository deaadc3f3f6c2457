import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';

const compress = promisify<Uint8Array, Buffer>(deflate);
const decompress = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflate);

/** Payloads of fewer bytes stay as they are: they fit, and the Web UI shows what they say. */
export const compressedFrom = 128 * 1024;
/** Whoever reads a payload shall not run out of memory by it. The largest plan that is accepted is far smaller. */
const largestRead = 256 * 1024 * 1024;

/** Temporal's own name of the encoding: other SDKs and their codec servers read it as well. */
const zlibEncoding = 'binary/zlib';

/**
 * Compresses the payloads that are large, such as the plan of a thousand workloads: Temporal takes 2 MiB in one payload. The form is
 * that of the zlib codec of Temporal's SDK for Go: the whole payload as protobuf, compressed, with the encoding "binary/zlib".
 */
export const compressingCodec: PayloadCodec = {
  encode: async (payloads) => Promise.all(payloads.map(compressed)),
  decode: async (payloads) => Promise.all(payloads.map(decompressed)),
};

async function compressed(payload: Payload): Promise<Payload> {
  if ((payload.data?.length ?? 0) < compressedFrom) return payload;
  const plain = (await message()).encode(payload).finish();
  const data = await compress(plain);
  return data.length < plain.length ? { metadata: { encoding: Buffer.from(zlibEncoding) }, data } : payload;
}

/** @throws Error when what is marked as compressed cannot be read */
async function decompressed(payload: Payload): Promise<Payload> {
  const { metadata, data } = payload;
  if (Buffer.from(metadata?.['encoding'] ?? []).toString() !== zlibEncoding) return payload;
  try {
    const plain = await decompress(data ?? Buffer.alloc(0), { maxOutputLength: largestRead });
    return (await message()).decode(plain);
  } catch (cause) {
    throw new Error(
      `a payload of ${data?.length ?? 0} bytes is marked as "${zlibEncoding}" and cannot be read ` +
        `(${(cause as Error).message}): it was damaged, or something else than Switchback wrote it`,
      { cause },
    );
  }
}

/** Loaded when the first large payload comes: it takes longer than most commands of the command line. */
async function message() {
  // Node finds no names in this CommonJS package, only the whole.
  const { default: proto } = await import('@temporalio/proto');
  return proto.temporal.api.common.v1.Payload;
}
