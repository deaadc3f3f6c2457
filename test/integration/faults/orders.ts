import { randomUUID } from 'node:crypto';
import http from 'node:http';

/** Places one order right at the address of a tier, and waits for the answer for as long as it takes. True: acknowledged. */
export function placeOrderAt(address: string, port: number, id: string = randomUUID()): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const request = http.request({ host: address, port, method: 'POST', path: '/orders', headers, agent: false });
    request.once('response', (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 201));
      response.once('error', () => resolve(false));
    });
    request.once('error', () => resolve(false));
    request.end(JSON.stringify({ id, item: 'a pound of coffee' }));
  });
}
