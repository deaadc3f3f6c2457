import { connect } from 'node:net';
import type { TcpProbe } from '../../core/model/check';
import type { Answer, ProbeRequest } from './probe-request';

/** Somebody listens there. Says nothing about who: a workload of its own needs a better check. */
export async function probeTcp({ probe, address, signal }: ProbeRequest<TcpProbe>): Promise<Answer> {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: probe.port, signal });
    socket.on('error', reject);
    socket.on('connect', () => {
      socket.destroy();
      resolve({
        ok: true,
        saw: `connected to ${address}:${probe.port} in ${Math.round(performance.now() - since)} ms`,
      });
    });
  });
}
