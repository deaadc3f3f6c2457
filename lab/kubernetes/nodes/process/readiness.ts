import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Container } from './pod';

/** Until the first success: a kubelet, too, asks more often as long as a container starts. */
const youngMs = 50;
const answersWithinMs = 1_000;

/** Tells each change of the readiness of a container that has a probe, until it is aborted. */
export async function followReadiness(
  { readinessProbe, ports = [] }: Container,
  address: string,
  signal: AbortSignal,
  tell: (ready: boolean) => Promise<void>,
): Promise<void> {
  const asked = readinessProbe?.tcpSocket?.port;
  const port = Number(ports.find(({ name }) => name === asked)?.containerPort ?? asked);
  let ready = false;
  while (!signal.aborted) {
    const now = await accepts(address, port);
    if (now !== ready && !signal.aborted) await tell(now);
    ready = now;
    const waitMs = ready ? (readinessProbe?.periodSeconds ?? 10) * 1000 : youngMs;
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: answersWithinMs });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
