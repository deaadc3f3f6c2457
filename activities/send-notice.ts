import { createHmac } from 'node:crypto';
import { SwitchbackFailure } from '../core/model/failure';
import type { Notice, NoticeSpec } from '../core/model/notice';

const TIMEOUT_MS = 10_000;

export interface NoticeParts {
  /** Where addresses and secrets are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** ISO instant, for the signature. */
  readonly now: () => string;
}

/**
 * Posts a notice. No answer but 2xx counts, redirects are not followed, and neither address nor answer is repeated in an error:
 * both may hold secrets.
 *
 * @throws SwitchbackFailure `NoticeNotSent`
 */
export async function sendNotice(
  { env, now }: NoticeParts,
  { spec, notice }: { readonly spec: NoticeSpec; readonly notice: Notice },
): Promise<{ readonly saw: string }> {
  const url = addressOf(spec, env);
  const body = JSON.stringify(spec.format === 'slack' ? { text: notice.text } : cloudEvent(notice));
  const headers = {
    'content-type': spec.format === 'slack' ? 'application/json' : 'application/cloudevents+json; charset=utf-8',
    'idempotency-key': notice.id,
    ...signature(spec, { env, body, at: now() }),
  };
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw notSent(spec, `${spec.urlFrom} does not answer (${reasonOf(error)})`);
  });
  await response.body?.cancel();
  if (!response.ok) throw notSent(spec, `${spec.urlFrom} answers ${response.status}`);
  return { saw: `answered ${response.status}` };
}

function addressOf({ name, urlFrom }: NoticeSpec, env: NoticeParts['env']): URL {
  const text = env[urlFrom] ?? '';
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  const what = text === '' ? 'is not set' : 'holds no http(s) address';
  throw new SwitchbackFailure('NoticeNotSent', `notice "${name}": ${urlFrom} ${what} where the worker runs`);
}

/** CloudEvents 1.0, structured mode. */
const cloudEvent = ({ kind, id, at, group, workflowId, ...data }: Notice) => ({
  specversion: '1.0',
  type: `dev.switchback.run.${kind}`,
  source: `/switchback/groups/${group}`,
  subject: workflowId,
  id,
  time: at,
  datacontenttype: 'application/json',
  data: { group, workflowId, ...data },
});

/** HMAC-SHA256 over "<time>.<body>", so that a body cannot be sent again later unnoticed. */
function signature(
  { name, secretFrom }: NoticeSpec,
  { env, body, at }: { readonly env: NoticeParts['env']; readonly body: string; readonly at: string },
): Readonly<Record<string, string>> {
  if (secretFrom === undefined) return {};
  const secret = env[secretFrom];
  if (!secret) {
    throw new SwitchbackFailure('NoticeNotSent', `notice "${name}": ${secretFrom} is not set where the worker runs`);
  }
  const hex = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { 'switchback-timestamp': at, 'switchback-signature': `sha256=${hex}` };
}

const notSent = ({ name }: NoticeSpec, because: string): SwitchbackFailure =>
  new SwitchbackFailure('NoticeNotSent', `notice "${name}": ${because}`);

/** What fetch wraps: "ECONNREFUSED", "TimeoutError". Its message is left out, as it may hold the address. */
function reasonOf(error: unknown): string {
  const { name = 'unknown', cause } = (error ?? {}) as {
    readonly name?: string;
    readonly cause?: { readonly code?: string };
  };
  return cause?.code ?? name;
}
