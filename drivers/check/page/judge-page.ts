import type { HttpProbe } from '../../../core/model/check';
import { fillIn } from '../placeholders';
import type { Answer } from '../probe-request';
import { shorten } from '../without-secrets';
import { doubtsOf } from './doubts';
import type { Asked, Page } from './page';
import { wrongJson } from './wrong-json';

/** Longest part of a body that is read, in bytes. */
export const longestBody = 64 * 1024;
const longestExcerpt = 80;

/** Every expectation and every doubt is looked at, so that the answer says all that is wrong. */
export function judgePage(page: Page, probe: HttpProbe, asked: Asked): Answer {
  const wrong = [
    ...wrongStatus(page, probe, asked),
    ...wrongHeaders(page, probe, asked),
    ...wrongBody(page, probe, asked),
    ...wrongJson(page, probe, asked),
    ...tooSlow(page, probe),
    ...(page.status === probe.status ? doubtsOf(page, probe, asked) : []),
  ];
  const seen = `${page.status} in ${page.ms} ms`;
  if (wrong.length > 0) return { ok: false, saw: `${seen}, ${wrong.join(', ')}` };
  const { bodyContains } = probe;
  return { ok: true, saw: bodyContains ? `${seen}, body has ${quoted(fillIn(bodyContains, asked))}` : seen };
}

function wrongStatus({ status, headers }: Page, probe: HttpProbe, { masked }: Asked): readonly string[] {
  if (status === probe.status) return [];
  const redirect =
    headers.location === undefined ? '' : ` (redirect to ${shorten(masked(headers.location), 80)}, not followed)`;
  return [`not ${probe.status}${redirect}`];
}

function wrongHeaders({ headers }: Page, probe: HttpProbe, asked: Asked): readonly string[] {
  return Object.entries(probe.headers ?? {}).flatMap(([name, value]) => {
    const expected = fillIn(value, asked);
    const received = headers[name.toLowerCase()];
    const found = Array.isArray(received) ? received.join(', ') : received;
    if (found === expected) return [];
    if (found === undefined) return [`no header ${name}`];
    // With its name, so that the value of a cookie or a token is masked.
    const said = asked.masked(`${name}: ${found}`).slice(name.length + 2);
    return [`header ${name} is ${quoted(said)}, not ${quoted(expected)}`];
  });
}

function wrongBody({ body, cut }: Page, probe: HttpProbe, asked: Asked): readonly string[] {
  if (probe.bodyContains === undefined) return [];
  const expected = fillIn(probe.bodyContains, asked);
  if (body.includes(expected)) return [];
  const where = cut ? `the first ${longestBody} bytes of the body lack` : 'the body lacks';
  return [`${where} ${quoted(expected)} and begins ${quoted(asked.masked(body))}`];
}

function tooSlow({ ms }: Page, { maxLatencyMs }: HttpProbe): readonly string[] {
  return maxLatencyMs !== undefined && ms > maxLatencyMs ? [`slower than ${maxLatencyMs} ms`] : [];
}

function quoted(text: string): string {
  const mark = text.includes('"') ? "'" : '"';
  return `${mark}${shorten(text, longestExcerpt)}${mark}`;
}
