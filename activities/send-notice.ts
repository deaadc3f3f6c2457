import type { Notice, NoticeSpec } from '../core/model/notice';
import { signedPost, type PostParts } from './signed-post';

const TIMEOUT_MS = 10_000;

/**
 * Posts a notice, signed when its spec names a secret.
 *
 * @throws SwitchbackFailure `NoticeNotSent`
 */
export function sendNotice(
  parts: PostParts,
  { spec, notice }: { readonly spec: NoticeSpec; readonly notice: Notice },
): Promise<{ readonly saw: string }> {
  const { name, format, urlFrom, secretFrom } = spec;
  const slack = format === 'slack';
  return signedPost(parts, {
    what: `notice "${name}"`,
    code: 'NoticeNotSent',
    urlFrom,
    secretFrom,
    contentType: slack ? 'application/json' : 'application/cloudevents+json; charset=utf-8',
    body: JSON.stringify(slack ? { text: notice.text } : cloudEvent(notice)),
    idempotencyKey: notice.id,
    timeoutMs: TIMEOUT_MS,
  });
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
