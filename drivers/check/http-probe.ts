import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { HttpProbe } from '../../core/model/check';
import { notAllowed } from './allowed-address';
import { fillIn } from './placeholders';
import type { Answer, ProbeRequest } from './probe-request';
import { masked, shorten } from './without-secrets';

const longestBody = 64 * 1024;
const longestExcerpt = 80;

interface Page {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** At most `longestBody` bytes of it. */
  readonly body: string;
  readonly cut: boolean;
  readonly ms: number;
}

/** One GET, no redirects. Every expectation is looked at, so that the answer says all that is wrong. */
export async function probeHttp(request: ProbeRequest<HttpProbe>): Promise<Answer> {
  const page = await get(request);
  const wrong = [
    ...wrongStatus(page, request),
    ...wrongHeaders(page, request),
    ...wrongBody(page, request),
    ...tooSlow(page, request),
  ];
  const seen = `${page.status} in ${page.ms} ms`;
  if (wrong.length > 0) return { ok: false, saw: `${seen}, ${wrong.join(', ')}` };
  const { bodyContains } = request.probe;
  return { ok: true, saw: bodyContains ? `${seen}, body has ${quoted(fillIn(bodyContains, request.target))}` : seen };
}

async function get({ check, probe, address, signal }: ProbeRequest<HttpProbe>): Promise<Page> {
  if (!probe.path.startsWith('/')) throw notAllowed(check, `path "${probe.path}" does not begin with "/"`);
  const since = performance.now();
  const headers = { host: probe.host ?? address, accept: '*/*', 'accept-encoding': 'identity', connection: 'close' };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: address, port: probe.port, path: probe.path, headers, agent: false, signal });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const read = async (): Promise<Page> => {
        const { body, cut } = await readBody(response);
        const { statusCode: status = 0, headers: received } = response;
        return { status, headers: received, body, cut, ms: Math.round(performance.now() - since) };
      };
      read().then(resolve, reject);
    });
    sent.end();
  });
}

async function readBody(response: IncomingMessage): Promise<Pick<Page, 'body' | 'cut'>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop ends the connection: a body without end must not fill the memory of the worker.
    if (length > longestBody) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, longestBody).toString('utf8'), cut: length > longestBody };
}

function wrongStatus({ status, headers }: Page, { probe, options }: ProbeRequest<HttpProbe>): readonly string[] {
  if (status === probe.status) return [];
  const redirect =
    headers.location === undefined
      ? ''
      : ` (redirect to ${shorten(masked(headers.location, options), 80)}, not followed)`;
  return [`not ${probe.status}${redirect}`];
}

function wrongHeaders({ headers }: Page, { probe, target, options }: ProbeRequest<HttpProbe>): readonly string[] {
  return Object.entries(probe.headers ?? {}).flatMap(([name, value]) => {
    const expected = fillIn(value, target);
    const received = headers[name.toLowerCase()];
    const found = Array.isArray(received) ? received.join(', ') : received;
    if (found === expected) return [];
    if (found === undefined) return [`no header ${name}`];
    // With its name, so that the value of a cookie or a token is masked.
    const said = masked(`${name}: ${found}`, options).slice(name.length + 2);
    return [`header ${name} is ${quoted(said)}, not ${quoted(expected)}`];
  });
}

function wrongBody({ body, cut }: Page, { probe, target, options }: ProbeRequest<HttpProbe>): readonly string[] {
  if (probe.bodyContains === undefined) return [];
  const expected = fillIn(probe.bodyContains, target);
  if (body.includes(expected)) return [];
  const where = cut ? `the first ${longestBody} bytes of the body lack` : 'the body lacks';
  return [`${where} ${quoted(expected)} and begins ${quoted(masked(body, options))}`];
}

function tooSlow({ ms }: Page, { probe: { maxLatencyMs } }: ProbeRequest<HttpProbe>): readonly string[] {
  return maxLatencyMs !== undefined && ms > maxLatencyMs ? [`slower than ${maxLatencyMs} ms`] : [];
}

function quoted(text: string): string {
  const mark = text.includes('"') ? "'" : '"';
  return `${mark}${shorten(text, longestExcerpt)}${mark}`;
}
