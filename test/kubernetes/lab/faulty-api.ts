import { readFileSync } from 'node:fs';
import https from 'node:https';
import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';

/**
 * Decides what becomes of a request: undefined passes it on; a status answers it; 'silent' never answers a watch; 'reset' closes
 * the connection.
 */
export type Fault = (
  request: http.IncomingMessage,
) => { status: number; retryAfter?: string; message?: string } | 'silent' | 'reset' | undefined;

export interface FaultyApi {
  readonly server: string;
  readonly requests: readonly string[];
  fault: Fault;
  stop(): Promise<void>;
}

/** The API server of a cluster behind one that has its certificate, counts what is asked, and fails as it is told. */
export async function startFaultyApi(cluster: Cluster): Promise<FaultyApi> {
  const certificates = path.join(path.dirname(cluster.access.certificateAuthority), 'certificates');
  const cert = readFileSync(path.join(certificates, 'apiserver.crt'));
  const key = readFileSync(path.join(certificates, 'apiserver.key'));
  const requests: string[] = [];
  const api: { fault: Fault } = { fault: () => undefined };
  // Takes any certificate of a client, and none: whoever shows one has proven in the handshake that its key is there.
  const shown = { requestCert: true, rejectUnauthorized: false };
  const server = https.createServer({ cert, key, ...shown }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const fault = api.fault(request);
    if (fault === 'silent') return void response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (fault === 'reset') return void request.socket.destroy();
    if (fault !== undefined) {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      return void response
        .writeHead(fault.status, headers)
        .end(JSON.stringify({ reason: 'Injected', message: fault.message ?? 'by the test' }));
    }
    const onward = https.request(
      new URL(request.url ?? '/', cluster.access.server),
      // Connections of before a restart of the API server are of no use to anybody.
      { method: request.method, headers: request.headers, ca: cert, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers).flushHeaders();
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get fault() {
      return api.fault;
    },
    set fault(fault: Fault) {
      api.fault = fault;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
