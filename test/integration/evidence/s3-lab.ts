import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as sdk from '@aws-sdk/client-s3';
import { S3Store } from '../../../evidence/s3-store';
import { labCredentials } from '../../../lab/route53/route53-settings';
import { startMoto, type RunningMoto } from '../../../lab/route53/start-moto';
import type { EvidenceFixture } from '../../contract/evidence-contract';

/** S3 as moto has it. */
export class S3Lab {
  private buckets = 0;

  private constructor(
    private readonly folder: string,
    private readonly moto: RunningMoto,
    readonly client: sdk.S3Client,
  ) {}

  static async open(python: string): Promise<S3Lab> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-s3-'));
    const moto = await startMoto({ python, folder, zones: {} });
    // The stores under test find them as those of a worker do.
    process.env['AWS_ACCESS_KEY_ID'] = labCredentials.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = labCredentials.secretAccessKey;
    const { endpoint } = moto;
    const client = new sdk.S3Client({
      endpoint,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: labCredentials,
    });
    return new S3Lab(folder, moto, client);
  }

  get endpoint(): string {
    return this.moto.endpoint;
  }

  /** A new one. `locked`: with object lock, and a retention of a year. */
  async bucket(locked = false): Promise<string> {
    const Bucket = `evidence-${(this.buckets += 1)}`;
    await this.client.send(new sdk.CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: locked }));
    if (locked) {
      const Rule = { DefaultRetention: { Mode: 'COMPLIANCE', Years: 1 } } as const;
      const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule } as const;
      await this.client.send(new sdk.PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
    }
    return Bucket;
  }

  store(bucket: string, prefix: string, endpoint = this.endpoint): S3Store {
    return new S3Store({ bucket, prefix, endpoint, region: 'us-east-1' }, sdk);
  }

  fixture(Bucket: string, prefix: string): EvidenceFixture {
    return {
      open: () => this.store(Bucket, prefix),
      overwrite: async (key, Body) =>
        void (await this.client.send(new sdk.PutObjectCommand({ Bucket, Key: `${prefix}${key}`, Body }))),
      remove: async (key) =>
        void (await this.client.send(new sdk.DeleteObjectCommand({ Bucket, Key: `${prefix}${key}` }))),
    };
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.moto.stop();
    rmSync(this.folder, { recursive: true });
  }
}
