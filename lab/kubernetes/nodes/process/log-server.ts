import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';

/** What the API server asks a kubelet for when somebody wants the log of a pod; with the API server's own certificate. */
export function logServer(certificates: string, fileOf: (namespace: string, pod: string) => string | undefined) {
  const cert = readFileSync(path.join(certificates, 'apiserver.crt'));
  const key = readFileSync(path.join(certificates, 'apiserver.key'));
  return https.createServer({ cert, key }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://node.invalid');
    const [, namespace = '', pod = ''] = /^\/containerLogs\/([^/]+)\/([^/]+)\//.exec(pathname) ?? [];
    const file = fileOf(namespace, pod);
    if (file === undefined) return void response.writeHead(404).end();
    readFile(file, 'utf8').then(
      (log) =>
        response.writeHead(200, { 'content-type': 'text/plain' }).end(lastLines(log, searchParams.get('tailLines'))),
      // It has not started.
      () => response.writeHead(200, { 'content-type': 'text/plain' }).end(),
    );
  });
}

function lastLines(log: string, count: string | null): string {
  if (count === null) return log;
  const lines = log.split(/(?<=\n)/);
  return lines.slice(Math.max(0, lines.length - Number(count))).join('');
}
