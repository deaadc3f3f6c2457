import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { HttpProbe } from '../../core/model/check';
import { notAllowed } from './allowed-address';
import { judgePage, longestBody } from './page/judge-page';
import type { Page } from './page/page';
import type { Answer, ProbeRequest } from './probe-request';
import { masked } from './without-secrets';

/** One GET, no redirects. */
export async function probeHttp(request: ProbeRequest<HttpProbe>): Promise<Answer> {
  const nonce = randomBytes(8).toString('hex');
  const askedAtMs = Date.now();
  const page = await get(request, request.probe.path.replaceAll('${nonce}', nonce));
  return judgePage(page, request.probe, {
    ...request.target,
    address: request.address,
    nonce,
    askedAtMs,
    masked: (text) => masked(text, request.options),
  });
}

async function get({ check, probe, address, signal }: ProbeRequest<HttpProbe>, path: string): Promise<Page> {
  if (!path.startsWith('/')) throw notAllowed(check, `path "${path}" does not begin with "/"`);
  const since = performance.now();
  const headers = {
    host: probe.host ?? address,
    accept: '*/*',
    'accept-encoding': 'identity',
    // A cache that keeps to the rules asks the workload itself then; the second is the word of old ones for it.
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    connection: 'close',
  };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: address, port: probe.port, path, headers, agent: false, signal });
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
