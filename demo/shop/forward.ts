import http from 'node:http';
import type { Answer, Handler, TierSettings } from './tier';

const agent = new http.Agent({ keepAlive: true });

/** A tier that passes orders on to the next one at its own site, and is healthy when that one is. */
export function forwardTo(settings: TierSettings, next: { readonly tier: string; readonly port: number }): Handler {
  const { tier, site, epoch, address } = settings;
  return async (route, body) => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const answer = await call({ address, port: next.port, method, path, body }).catch((error: unknown) => ({
      status: 502,
      body: { error: `${next.tier} does not answer: ${String(error)}` },
    }));
    if (path !== '/health') return answer;
    const status = answer.status === 200 ? 'ok' : 'failing';
    return { status: answer.status === 200 ? 200 : 503, body: { status, tier, site, epoch, [next.tier]: answer.body } };
  };
}

interface Call {
  readonly address: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const timeoutMs = 1_000;

async function call({ address, port, method, path, body }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: address, port, method, path, agent, timeout: timeoutMs };
    const request = http.request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 502, body: parseObject(text) }));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on('error', reject);
    request.end(body);
  });
}

function parseObject(text: string): object {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? value : { value };
}
