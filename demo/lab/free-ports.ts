import { freePort } from '../../workers/temporal-server/loopback-port';

/** Ports that nobody listens on now, at the address of any site. Whoever uses them may still lose a race for one. */
export const freePorts = async (count: number): Promise<readonly number[]> =>
  Promise.all(Array.from({ length: count }, async () => freePort('0.0.0.0')));
