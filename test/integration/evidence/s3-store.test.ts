import { createServer, request, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as sdk from '@aws-sdk/client-s3';
import { EvidenceChain } from '../../../evidence/evidence-chain';
import { bodyKey, entryKey } from '../../../evidence/store';
import { describeEvidenceContract } from '../../contract/evidence-contract';
import { describeRoute53 } from '../route53/route53-lab';
import { S3Lab } from './s3-lab';

const report = (number: number) =>
  ({ kind: 'report', id: `report/${number}`, at: '2026-11-29T10:00:00.000Z' }) as const;

describeRoute53('S3', (python) => {
  let lab: S3Lab;
  beforeAll(async () => (lab = await S3Lab.open(python)));
  afterAll(() => lab.close());

  describeEvidenceContract('S3', async () => lab.fixture(await lab.bucket(), ''));
  describeEvidenceContract('S3 under a prefix, locked', async () =>
    lab.fixture(await lab.bucket(true), 'dr/evidence/'),
  );

  describe('object lock', () => {
    test('each object has the retention of the bucket; the version cannot be deleted, and a newer one is found', async () => {
      const Bucket = await lab.bucket(true);
      const opened = () => new EvidenceChain(lab.store(Bucket, ''), 'shop');
      const { entry } = await opened().append(report(1), () => ({ number: 1 }));
      const { head } = await opened().append(report(2), () => ({ number: 2 }));
      const known = [{ ...head, by: 'run' }];
      for (const Key of [entryKey('shop', 1), bodyKey('shop', entry.body)]) {
        const object = await lab.client.send(new sdk.GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
        expect(object).toMatchObject({ ObjectLockMode: 'COMPLIANCE', ChecksumCRC32: expect.any(String) });
        expect(object.ObjectLockRetainUntilDate?.getTime()).toBeGreaterThan(Date.now() + 300 * 86_400_000);
        const { VersionId } = object;
        await expect(lab.client.send(new sdk.DeleteObjectCommand({ Bucket, Key, VersionId }))).rejects.toMatchObject({
          name: 'AccessDenied',
        });
        expect((await opened().verify(known)).faults).toEqual([]);
        await lab.client.send(new sdk.PutObjectCommand({ Bucket, Key, Body: '{}\n' }));
        expect((await opened().verify(known)).faults).not.toEqual([]);
        // What was kept is still there, below what somebody has put on top.
        const kept = await lab.client.send(new sdk.GetObjectCommand({ Bucket, Key, VersionId }));
        const Body = (await kept.Body?.transformToString()) ?? '';
        await lab.client.send(new sdk.PutObjectCommand({ Bucket, Key, Body }));
        expect((await opened().verify(known)).faults).toEqual([]);
      }
    });
  });

  describe('what goes wrong is said', () => {
    test.each([
      ['a bucket that there is not', () => lab.store('nowhere-1', ''), /bucket nowhere-1: NoSuchBucket/],
      [
        'a service that does not answer',
        () => lab.store('nowhere-1', '', 'http://127.0.0.1:1'),
        /bucket nowhere-1: .*ECONNREFUSED/s,
      ],
    ])('%s', async (_title, open, message) => {
      const store = open();
      for (const call of [
        () => store.get('shop/entries/1.json'),
        () => store.putIfAbsent('shop/entries/1.json', '{}'),
        () => store.list('shop/entries/'),
        () => store.groups(),
      ])
        await expect(call()).rejects.toMatchObject({
          code: 'EvidenceUnavailable',
          message: expect.stringMatching(message),
        });
    });

    test.each([
      [403, 'AccessDenied', /s3:GetObject and s3:PutObject on the objects, and s3:ListBucket/],
      [301, 'PermanentRedirect', /Set AWS_REGION to the region of the bucket/],
    ])('an answer of %d %s comes with what to do', async (status, code, advice) => {
      const proxy = await answering(lab.endpoint, () => ({ status, code }));
      const store = lab.store(await lab.bucket(), '', proxy.endpoint);
      await expect(store.get('shop/entries/1.json')).rejects.toMatchObject({
        code: 'EvidenceUnavailable',
        message: expect.stringMatching(advice),
      });
      proxy.server.close();
    });
  });

  test('while who wins is not decided, it is asked again', async () => {
    let refused = 0;
    const proxy = await answering(lab.endpoint, () =>
      (refused += 1) <= 2 ? { status: 409, code: 'ConditionalRequestConflict' } : undefined,
    );
    const store = lab.store(await lab.bucket(), '', proxy.endpoint);
    expect(await store.putIfAbsent('shop/entries/1.json', '{}')).toBe(true);
    expect(refused).toBe(3);
    expect(await store.putIfAbsent('shop/entries/1.json', '{}')).toBe(false);
    proxy.server.close();
  });
});

/** Stands before S3, and answers in its place what `fault` says; undefined: S3 does. */
async function answering(
  endpoint: string,
  fault: () => { readonly status: number; readonly code: string } | undefined,
): Promise<{ readonly endpoint: string; readonly server: Server }> {
  const server = createServer((asked, answer) => {
    const refused = fault();
    if (refused) {
      asked.resume();
      answer.writeHead(refused.status, { 'content-type': 'application/xml' });
      answer.end(`<Error><Code>${refused.code}</Code><Message>no</Message></Error>`);
      return;
    }
    const { method, url, headers } = asked;
    const passed = request(`${endpoint}${url}`, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    asked.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
