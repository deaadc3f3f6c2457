import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as sdk from '@aws-sdk/client-s3';
import { EvidenceChain } from '../../evidence/evidence-chain';
import { FolderStore } from '../../evidence/folder-store';
import { S3Store } from '../../evidence/s3-store';
import type { EvidenceStore } from '../../evidence/store';
import { findMoto } from '../../lab/route53/install-moto';
import { labCredentials } from '../../lab/route53/route53-settings';
import { startMoto } from '../../lab/route53/start-moto';

export interface EvidenceBench {
  readonly entries: number;
  readonly folder: StoreTimes;
  /** null: there is no moto on this machine. */
  readonly s3: StoreTimes | null;
}

export interface StoreTimes {
  /** One entry after the other, as one worker keeps them. */
  readonly appendMs: number;
  /** All of them, by a process that knows none of them. */
  readonly verifySeconds: number;
  /** Of processors of this process meanwhile: the rest is waited for. */
  readonly verifyCpuSeconds: number;
}

const group = 'bench';
const entries = 10_000;
/** About that of a decision or of the report of a small run. */
const bodyBytes = 2_000;

/** A chain of 10,000 entries in a folder, and in S3 as moto has it: a process on loopback, which answers one request at a time. */
export async function benchEvidence(count = entries): Promise<EvidenceBench> {
  return { entries: count, folder: await inFolder(count), s3: await inS3(count) };
}

async function inFolder(count: number): Promise<StoreTimes> {
  const folder = mkdtempSync(path.join(tmpdir(), 'switchback-bench-evidence-'));
  try {
    return await times(count, () => new FolderStore(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inS3(count: number): Promise<StoreTimes | null> {
  const found = await findMoto({ env: process.env, say: (line) => process.stderr.write(`${line}\n`) });
  if (found.kind === 'missing') return null;
  const folder = mkdtempSync(path.join(tmpdir(), 'switchback-bench-s3-'));
  const moto = await startMoto({ python: found.path, folder, zones: {} });
  const { endpoint } = moto;
  const place = { bucket: 'evidence', prefix: 'bench/', endpoint, region: 'us-east-1' };
  // The store finds them as that of a worker does.
  process.env['AWS_ACCESS_KEY_ID'] = labCredentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = labCredentials.secretAccessKey;
  try {
    const client = new sdk.S3Client({ endpoint, region: place.region, forcePathStyle: true });
    await client.send(new sdk.CreateBucketCommand({ Bucket: place.bucket }));
    client.destroy();
    return await times(count, () => new S3Store(place, sdk));
  } finally {
    await moto.stop();
    rmSync(folder, { recursive: true });
  }
}

async function times(count: number, open: () => EvidenceStore): Promise<StoreTimes> {
  const writer = new EvidenceChain(open(), group);
  const append = await timed(async () => {
    for (let number = 1; number <= count; number += 1) {
      const evidence = { kind: 'report', id: `report/${number}`, at: new Date().toISOString() } as const;
      await writer.append(evidence, () => ({ number, text: `${number} `.repeat(bodyBytes).slice(0, bodyBytes) }));
    }
  });
  const verify = await timed(async () => {
    const { faults, entries: found } = await new EvidenceChain(open(), group).verify();
    if (faults.length > 0 || found.length !== count) throw new Error(`of ${count} entries ${found.length} were found`);
  });
  return { appendMs: (append.seconds * 1000) / count, verifySeconds: verify.seconds, verifyCpuSeconds: verify.cpu };
}

async function timed(work: () => Promise<void>): Promise<{ readonly seconds: number; readonly cpu: number }> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

function table({ entries: count, folder, s3 }: EvidenceBench): string {
  const row = (what: string, of: (one: StoreTimes) => number): string =>
    [what.padEnd(40), of(folder).toFixed(2).padStart(8), (s3 ? of(s3).toFixed(2) : '-').padStart(8)].join(' ');
  return [
    `${`${count} entries`.padEnd(40)} ${'folder'.padStart(8)} ${'S3'.padStart(8)}`,
    row('appended, each (ms)', ({ appendMs }) => appendMs),
    row('verified, all (s)', ({ verifySeconds }) => verifySeconds),
    row('processor time of verifying (s)', ({ verifyCpuSeconds }) => verifyCpuSeconds),
    '',
  ].join('\n');
}

if (require.main === module) {
  void benchEvidence(Number(process.argv[2] ?? entries)).then((bench) => process.stdout.write(table(bench)));
}
