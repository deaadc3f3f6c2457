import http from 'node:http';

export interface OrderAnswer {
  readonly seq: number;
  readonly epoch: number;
  readonly site: string;
}

const timeoutMs = 1_000;

/** Sends one order once. Throws when it is not acknowledged. */
export async function sendOrder(
  target: { readonly address: string; readonly port: number; readonly agent: http.Agent },
  order: { readonly id: string },
): Promise<OrderAnswer> {
  const text = await new Promise<string>((resolve, reject) => {
    const { address: host, port, agent } = target;
    const headers = { 'content-type': 'application/json' };
    const options = { host, port, agent, headers, method: 'POST', path: '/orders', timeout: timeoutMs };
    const request = http.request(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('error', reject);
      response.on('end', () => (response.statusCode === 201 ? resolve(body) : reject(new Error(body))));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on('error', reject);
    request.end(JSON.stringify(order));
  });
  const answer = JSON.parse(text) as Partial<OrderAnswer>;
  const { seq, epoch, site } = answer;
  if (seq === undefined || epoch === undefined || site === undefined) throw new Error(`no acknowledgement: ${text}`);
  return { seq, epoch, site };
}
