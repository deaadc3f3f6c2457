import { createHmac } from 'node:crypto';
import { SwitchbackFailure } from '../core/model/failure';
import { withinTime } from '../drivers/within-time';

export interface PostParts {
  /** Where addresses and secrets are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** ISO instant, for the signature. */
  readonly now: () => string;
}

export interface SignedPost {
  /** Who posts, for messages: `notice "chat"`. */
  readonly what: string;
  /** Code of the failure. */
  readonly code: 'NoticeNotSent' | 'WebhookFailed';
  readonly urlFrom: string;
  /** Absent: unsigned. */
  readonly secretFrom?: string | undefined;
  readonly contentType: string;
  readonly body: string;
  /** The same whenever it is posted again. */
  readonly idempotencyKey: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Posts a body. No answer but 2xx counts, redirects are not followed, and neither address nor answer is repeated in an error:
 * both may hold secrets.
 *
 * @throws SwitchbackFailure with the code of the post
 */
export async function signedPost({ env, now }: PostParts, post: SignedPost): Promise<{ readonly saw: string }> {
  const url = addressOf(post, env);
  const headers = {
    'content-type': post.contentType,
    'idempotency-key': post.idempotencyKey,
    ...signature(post, env, now()),
  };
  const response = await withinTime({ ms: post.timeoutMs, signal: post.signal }, async (signal) => {
    const answer = await fetch(url, { method: 'POST', headers, body: post.body, redirect: 'manual', signal });
    await answer.body?.cancel();
    return answer;
  }).catch((error: unknown) => {
    post.signal?.throwIfAborted();
    throw notSent(post, `${post.urlFrom} does not answer (${reasonOf(error)})`);
  });
  if (!response.ok) throw notSent(post, `${post.urlFrom} answers ${response.status}`);
  return { saw: `answered ${response.status}` };
}

function addressOf(post: SignedPost, env: PostParts['env']): URL {
  const text = env[post.urlFrom] ?? '';
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  const problem = text === '' ? 'is not set' : 'holds no http(s) address';
  throw notSent(post, `${post.urlFrom} ${problem} where the worker runs`);
}

/** HMAC-SHA256 over "<time>.<body>", so that a body cannot be sent again later unnoticed. */
function signature(post: SignedPost, env: PostParts['env'], at: string): Readonly<Record<string, string>> {
  const { secretFrom, body } = post;
  if (secretFrom === undefined) return {};
  const secret = env[secretFrom];
  if (!secret) throw notSent(post, `${secretFrom} is not set where the worker runs`);
  const hex = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { 'switchback-timestamp': at, 'switchback-signature': `sha256=${hex}` };
}

const notSent = ({ what, code }: SignedPost, because: string): SwitchbackFailure =>
  new SwitchbackFailure(code, `${what}: ${because}`);

/** What fetch wraps: "ECONNREFUSED", "TimeoutError". Its message is left out, as it may hold the address. */
function reasonOf(error: unknown): string {
  const { name = 'unknown', cause } = (error ?? {}) as {
    readonly name?: string;
    readonly cause?: { readonly code?: string };
  };
  return cause?.code ?? name;
}
