import { setTimeout as pause } from 'node:timers/promises';
import type { ExpiringCredential } from '../../../core/model/examination';
import type { Credentials } from './credentials';
import { isStatus, KubeError, NoAnswer } from './kube-error';
import { readText, send, type KubeRequest } from './send';
import { watchEvents, type WatchEvent } from './watch-events';

/** Who owns the fields that Switchback sets. */
export const fieldManager = 'switchback';

const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** A server that is overloaded or restarts is asked again for so long; what remains after that is for the step to decide. */
const patienceMs = 30_000;

const passing: readonly number[] = [429, 500, 502, 503, 504];

/** Requests to one API server: with fresh credentials, and again after a pause when the server is busy or restarts. */
export class KubeClient {
  constructor(private readonly credentials: Credentials) {}

  /** Throws `KubeError` (what the server answered), `NoAnswer`, or the reason of the signal. */
  async request<Result>(request: KubeRequest): Promise<Result> {
    return JSON.parse(await this.text(request)) as Result;
  }

  async get<Result>(path: string, options: Pick<KubeRequest, 'query' | 'signal'> = {}): Promise<Result> {
    return this.request<Result>({ method: 'GET', path, ...options });
  }

  /**
   * JSON merge patch. With `metadata.resourceVersion` in it, it holds only while the object is as it was read; otherwise the
   * server answers 409.
   */
  async patch<Result>(path: string, body: object, signal?: AbortSignal, query = {}): Promise<Result> {
    return this.request<Result>({
      method: 'PATCH',
      path,
      body,
      contentType: 'application/merge-patch+json',
      query: { fieldManager, ...query },
      ...(signal && { signal }),
    });
  }

  /**
   * Server-side apply: makes the object, or gives it these fields, and takes back those that an earlier apply gave it and this one
   * lacks. A field that somebody else has set to another value is a conflict (409), unless `force` is "true".
   */
  async apply<Result>(
    path: string,
    body: object,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Result> {
    return this.request<Result>({
      method: 'PATCH',
      path,
      body,
      // JSON is YAML.
      contentType: 'application/apply-patch+yaml',
      query: { fieldManager, ...query },
      signal,
    });
  }

  async create<Result>(path: string, body: object, signal?: AbortSignal): Promise<Result> {
    return this.request<Result>({ method: 'POST', path, body, query: { fieldManager }, ...(signal && { signal }) });
  }

  /** The body as it is, for logs. */
  async text(request: KubeRequest): Promise<string> {
    const began = performance.now();
    let renewed = false;
    for (let tries = 0; ; tries += 1) {
      try {
        return await readText(await send(await this.credentials.access(), request));
      } catch (error) {
        if (isStatus(error, 401) && !renewed) {
          renewed = true;
          await this.credentials.access(true);
          continue;
        }
        if (!mayTryAgain(error) || performance.now() - began > patienceMs) throw error;
        await pause(pauseMs(error, tries), undefined, { signal: request.signal }).catch(() => undefined);
        request.signal?.throwIfAborted();
      }
    }
  }

  /** Changes of a collection since a version, until the connection ends. */
  async *watch<Item>(path: string, query: KubeRequest['query'], signal: AbortSignal): AsyncGenerator<WatchEvent<Item>> {
    const access = await this.credentials.access();
    const response = await send(access, { method: 'GET', path, query: { ...query, watch: 'true' }, signal });
    yield* watchEvents<Item>(response);
  }

  /** When the credentials end that are used next. */
  async endingCredentials(): Promise<readonly ExpiringCredential[]> {
    return this.credentials.ending();
  }

  close(): void {
    this.credentials.close();
  }
}

/** A kept connection that the server has closed meanwhile fails with the first byte; there may be more of them. */
const mayTryAgain = (error: unknown): boolean =>
  error instanceof KubeError ? passing.includes(error.status) : error instanceof NoAnswer && error.stale;

/** Half of it by chance, so that many workers do not come back in step. */
function pauseMs(error: unknown, tries: number): number {
  if (error instanceof NoAnswer) return 0;
  const asked = error instanceof KubeError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  const grown = Math.min(firstPauseMs * 2 ** tries, longestPauseMs);
  return Math.max(asked, grown * (0.5 + Math.random() / 2));
}
