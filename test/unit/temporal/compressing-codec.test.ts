import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { compressedFrom, compressingCodec } from '../../../temporal/compressing-codec';

const encodingOf = ({ metadata }: Payload): string => Buffer.from(metadata?.['encoding'] ?? []).toString();
const ofBytes = (data: Uint8Array, encoding = 'binary/plain'): Payload => ({
  metadata: { encoding: Buffer.from(encoding) },
  data,
});

async function encode(payload: Payload): Promise<Payload> {
  const [encoded, ...others] = await compressingCodec.encode([payload]);
  expect(others).toEqual([]);
  return encoded!;
}

test('what is large is compressed, and comes back as it was with all of its metadata', async () => {
  const value = { steps: Array.from({ length: 5000 }, (_, index) => ({ id: `stop-workload/w${index}@alpha` })) };
  const plain = defaultPayloadConverter.toPayload(value);
  const typed = { ...plain, metadata: { ...plain.metadata, type: Buffer.from('plan') } };
  const encoded = await encode(typed);
  expect(encodingOf(encoded)).toBe('binary/zlib');
  expect(encoded.data!.length).toBeLessThan(plain.data!.length / 5);
  const [decoded] = await compressingCodec.decode([encoded]);
  expect(defaultPayloadConverter.fromPayload(decoded!)).toEqual(value);
  expect(Buffer.from(decoded!.metadata!['type']!).toString()).toBe('plan');
});

test.each([
  ['below the threshold', compressedFrom - 1, 'binary/plain'],
  ['at the threshold', compressedFrom, 'binary/zlib'],
])('a payload %s (%i bytes) is written as %s', async (_what, bytes, encoding) => {
  expect(encodingOf(await encode(ofBytes(Buffer.alloc(bytes, 'a'))))).toBe(encoding);
});

test('what compression makes no smaller stays as it is', async () => {
  const payload = ofBytes(randomBytes(2 * compressedFrom));
  expect(await encode(payload)).toBe(payload);
});

test('payloads keep their order, and none stays none', async () => {
  const payloads = [Buffer.alloc(compressedFrom, 'a'), Buffer.from('b'), Buffer.alloc(compressedFrom, 'c')].map(
    (data) => ofBytes(data),
  );
  const decoded = await compressingCodec.decode(await compressingCodec.encode(payloads));
  expect(decoded.map(({ data }) => Buffer.from(data!).toString('utf8', 0, 1))).toEqual(['a', 'b', 'c']);
  expect(await compressingCodec.encode([])).toEqual([]);
});

test.each([['binary/encrypted'], ['json/plain'], ['binary/gzip']])(
  'a payload of encoding %s is read as it is',
  async (encoding) => {
    const payload = ofBytes(deflateSync('anything'), encoding);
    expect(await compressingCodec.decode([payload])).toEqual([payload]);
    const [bare] = await compressingCodec.decode([{ data: Buffer.from('no metadata') }]);
    expect(bare).toEqual({ data: Buffer.from('no metadata') });
  },
);

test('reads what the zlib codec of the SDK for Go has written', async () => {
  // {metadata: {encoding: "json/plain"}, data: "7"} as protobuf, then zlib.
  const marshalled = Buffer.from('0a160a08656e636f64696e67120a6a736f6e2f706c61696e120137', 'hex');
  const [decoded] = await compressingCodec.decode([ofBytes(deflateSync(marshalled), 'binary/zlib')]);
  expect(defaultPayloadConverter.fromPayload(decoded!)).toBe(7);
});

test.each([
  ['is not compressed', Buffer.from('anything')],
  ['ends too early', deflateSync(randomBytes(1000)).subarray(0, 500)],
  ['is empty', Buffer.alloc(0)],
  ['holds no payload', deflateSync(Buffer.from([0x0a, 0xff]))],
])('what is marked as compressed and %s is refused with its size', async (_what, data) => {
  await expect(compressingCodec.decode([ofBytes(data, 'binary/zlib')])).rejects.toThrow(
    new RegExp(
      `^a payload of ${data.length} bytes is marked as "binary/zlib" and cannot be read \\(.+\\): it was damaged`,
    ),
  );
});

/** Jest loads packages in a way of its own. */
test('runs as the product does, by Node and tsx', async () => {
  const program = `
    const { compressingCodec } = require('./temporal/compressing-codec');
    const payload = { metadata: {}, data: Buffer.alloc(${compressedFrom}, 'a') };
    compressingCodec.encode([payload]).then(compressingCodec.decode).then(([{ data }]) => console.log(data.length));
  `;
  const cwd = path.join(__dirname, '../../..');
  const { stdout } = await promisify(execFile)(process.execPath, ['--require', 'tsx/cjs', '-e', program], { cwd });
  expect(stdout.trim()).toBe(String(compressedFrom));
});
