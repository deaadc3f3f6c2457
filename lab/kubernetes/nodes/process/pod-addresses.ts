import { createHash } from 'node:crypto';
import { SwitchbackFailure } from '../../../../core/model/failure';
import { isFree } from '../../../../workers/temporal-server/loopback-port';

/** The port of the node on its own address: who listens there has the network of that address. */
export const nodePort = 10250;

/** Of the node; those after it are of pods. */
export const nodeAddress = (network: string): string => `${network}.1`;

const lastAddress = 254;
const networks = 1 << 14;

/**
 * A network of loopback that no other node of the machine has; which ones it tries follows from the folder of the cluster. Gives
 * "127.77.3". Whoever listens at the port of the node there has it.
 */
export async function findNetwork(folder: string): Promise<string> {
  const first = createHash('sha256').update(folder).digest().readUInt16BE();
  for (let index = 0; index < networks; index += 1) {
    const chosen = (first + index) % networks;
    const network = `127.${64 + (chosen >> 8)}.${chosen & 255}`;
    if (await isFree(nodePort, nodeAddress(network))) return network;
  }
  throw new SwitchbackFailure('LabIncomplete', 'every network of loopback is taken; end another lab');
}

/** The network of the Services of a cluster whose pods have that one. */
export function serviceNetwork(network: string): string {
  const [, second, third] = network.split('.');
  return `127.${Number(second) + 64}.${third}`;
}

/** Addresses of one network; one that was given back is given again as late as can be. */
export class PodAddresses {
  readonly #taken = new Set<number>();
  #last = 1;

  constructor(private readonly network: string) {}

  take(): string {
    for (let tries = 0; tries < lastAddress; tries += 1) {
      this.#last = this.#last === lastAddress ? 2 : this.#last + 1;
      if (this.#taken.has(this.#last)) continue;
      this.#taken.add(this.#last);
      return `${this.network}.${this.#last}`;
    }
    throw new Error(`every address of ${this.network}.0/24 is taken`);
  }

  giveBack(address: string): void {
    this.#taken.delete(Number(address.split('.')[3]));
  }
}
