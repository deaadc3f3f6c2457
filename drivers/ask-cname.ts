import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'dns-packet';

/** No values: the name is not there, or has no such record. */
export interface Answers {
  readonly values: readonly string[];
  readonly ttlSeconds: number;
}

const timeoutMs = 1_000;

/** Asks "127.0.0.1:5353". The standard resolver tells no TTL of a CNAME, so this question is put by hand. */
export async function askCname(name: string, server: string, signal: AbortSignal): Promise<Answers> {
  const [host = '', port] = server.split(':');
  const id = randomInt(65_536);
  const query = dns.encode({
    type: 'query',
    id,
    flags: dns.RECURSION_DESIRED,
    questions: [{ type: 'CNAME', name, class: 'IN' }],
  });
  const socket = dgram.createSocket({ type: 'udp4', signal });
  try {
    const response = await new Promise<Buffer>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      socket.once('close', () => clearTimeout(late));
      socket.once('error', reject);
      socket.on('message', (message) => {
        if (message.length > 2 && message.readUInt16BE(0) === id) resolve(message);
      });
      // Connected, so that a closed port is an error at once, and a stranger's answer is not taken.
      socket.connect(Number(port ?? 53), host, () => socket.send(query));
    });
    return readAnswers(response);
  } finally {
    if (!signal.aborted) socket.close();
  }
}

function readAnswers(response: Buffer): Answers {
  const rcode = response.readUInt16BE(2) & 0xf;
  if (rcode !== 0 && rcode !== 3) throw new Error(`the name server answered with code ${rcode}`);
  const found = (dns.decode(response).answers ?? []).flatMap((record) => (record.type === 'CNAME' ? [record] : []));
  const ttlSeconds = found.length === 0 ? 0 : Math.min(...found.map((record) => record.ttl ?? 0));
  return { values: found.map((record) => record.data), ttlSeconds };
}
