import type * as Sdk from '@aws-sdk/client-s3';
import { SwitchbackFailure } from '../core/model/failure';
import type { EvidenceStore } from './store';

/** Where in S3, or in what speaks its language. */
export interface S3Place {
  readonly bucket: string;
  /** Before every key; "" or with "/" at its end. */
  readonly prefix: string;
  /** Absent: as the AWS SDK finds it. */
  readonly region?: string;
  /** Address of another service than Amazon's; buckets are in the path of its addresses. */
  readonly endpoint?: string;
}

const timeouts = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };
/** Tries of one request that fails by its network or inside of the service. */
const maxAttempts = 5;

/**
 * Evidence in a bucket. An object is made by a put that fails when there is one: the service decides races. Where the bucket has
 * object lock on, its default retention holds for every object; the checksum that the service asks for then is always sent.
 * Credentials are those of the SDK's chain.
 */
export class S3Store implements EvidenceStore {
  private readonly client: Sdk.S3Client;

  /** `sdk`: loaded only where it is used. */
  constructor(
    private readonly place: S3Place,
    private readonly sdk: typeof Sdk,
  ) {
    const { region, endpoint } = place;
    this.client = new sdk.S3Client({
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      maxAttempts,
      requestHandler: timeouts,
    });
  }

  async putIfAbsent(key: string, text: string): Promise<boolean> {
    const object = { ...this.object(key), Body: text, ContentType: 'application/json' };
    for (let tries = 1; ; tries += 1) {
      try {
        await this.client.send(new this.sdk.PutObjectCommand({ ...object, IfNoneMatch: '*' }));
        return true;
      } catch (error) {
        const name = error instanceof this.sdk.S3ServiceException ? error.name : undefined;
        if (name === 'PreconditionFailed') return false;
        // Somebody else writes the same at this moment: who has won is not decided yet.
        if (name !== 'ConditionalRequestConflict' || tries === maxAttempts)
          throw this.unavailable(error, `write ${key}`);
      }
    }
  }

  async get(key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.client.send(new this.sdk.GetObjectCommand(this.object(key)));
      return await Body?.transformToString('utf8');
    } catch (error) {
      if (error instanceof this.sdk.NoSuchKey) return undefined;
      throw this.unavailable(error, `read ${key}`);
    }
  }

  async list(prefix: string): Promise<readonly string[]> {
    const pages = await this.pages({ Prefix: `${this.place.prefix}${prefix}` });
    return pages.flatMap(({ Contents = [] }) => Contents.flatMap(({ Key }) => this.keyOf(Key)));
  }

  async groups(): Promise<readonly string[]> {
    const pages = await this.pages({ Prefix: this.place.prefix, Delimiter: '/' });
    return pages.flatMap(({ CommonPrefixes = [] }) =>
      CommonPrefixes.flatMap(({ Prefix }) => this.keyOf(Prefix).map((group) => group.replace(/\/$/, ''))),
    );
  }

  private object(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.place.bucket, Key: `${this.place.prefix}${key}` };
  }

  private keyOf(key: string | undefined): string[] {
    return key === undefined ? [] : [key.slice(this.place.prefix.length)];
  }

  private async pages(what: { readonly Prefix: string; readonly Delimiter?: string }) {
    const [{ client }, asked] = [this, { Bucket: this.place.bucket, ...what }];
    const pages = [];
    try {
      for await (const page of this.sdk.paginateListObjectsV2({ client }, asked)) pages.push(page);
    } catch (error) {
      throw this.unavailable(error, `list ${what.Prefix}`);
    }
    return pages;
  }

  private unavailable(error: unknown, what: string): SwitchbackFailure {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    const advice = adviceFor.find(([names]) => names.test(`${name}: ${message}`))?.[1] ?? '';
    return new SwitchbackFailure(
      'EvidenceUnavailable',
      `cannot ${what} in the bucket ${this.place.bucket}: ${name === message ? name : `${name}: ${message}`}.${advice}`,
      {},
      { cause: error },
    );
  }
}

/** The first that fits what the SDK says. */
const adviceFor: readonly (readonly [RegExp, string])[] = [
  [
    /AccessDenied|Forbidden/,
    ' The credentials need s3:GetObject and s3:PutObject on the objects, and s3:ListBucket on the bucket.',
  ],
  [/Region is missing|PermanentRedirect|AuthorizationHeaderMalformed/, ' Set AWS_REGION to the region of the bucket.'],
  [/CredentialsProviderError/, ' Give the process credentials in one of the ways of the AWS SDK.'],
];
