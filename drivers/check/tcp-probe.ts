import { connect } from 'node:net';
import type { TcpProbe } from '../../core/model/check';
import { fillIn } from './placeholders';
import type { Answer, ProbeRequest } from './probe-request';
import { masked, shorten } from './without-secrets';

/** What hangs up within this time has nobody behind it: a balancer without a server, a port that is only forwarded. */
const heldMs = 50;
const longestBanner = 4_096;

/** Somebody listens there and does not hang up. Says nothing about who: a workload of its own needs a better check. */
export async function probeTcp({ probe, address, signal, target, options }: ProbeRequest<TcpProbe>): Promise<Answer> {
  const since = performance.now();
  const expected = probe.banner === undefined ? undefined : fillIn(probe.banner, target);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: probe.port, signal });
    let said = '';
    let connectedIn = 0;
    const end = (ok: boolean, saw: string): void => {
      socket.destroy();
      resolve({ ok, saw: `connected to ${address}:${probe.port} in ${connectedIn} ms${saw}` });
    };
    socket.on('error', reject);
    socket.on('connect', () => {
      connectedIn = Math.round(performance.now() - since);
      if (expected === undefined) socket.setTimeout(heldMs, () => end(true, ', which is held'));
    });
    socket.on('data', (chunk) => {
      said = (said + chunk.toString('latin1')).slice(0, longestBanner);
      if (expected === undefined) end(true, ', which is held');
      else if (said.includes(expected)) end(true, `; it says "${shorten(expected, 80)}"`);
      else if (said.length === longestBanner)
        end(false, `; it says "${shorten(masked(said, options), 80)}" without "${expected}"`);
    });
    socket.on('close', () =>
      end(false, said === '' ? ', and it hung up at once' : `; it said "${shorten(masked(said, options), 80)}"`),
    );
  });
}
