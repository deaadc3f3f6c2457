import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { SwitchbackFailure } from '../../../core/model/failure';
import { run } from '../run';

/** A network of its own for the pods of one cluster. */
export interface Bridge {
  readonly name: string;
  /** Of the bridge itself, on the host: gateway of the pods, and address of the node. */
  readonly address: string;
  readonly subnet: string;
  /** "198.19.3": addresses of Services, which the machine takes for its own as long as the bridge is there. */
  readonly services: string;
}

/** Set aside for measurements between networks: nothing that this machine talks to is in it. */
const subnetsOf = '198.18';
const servicesOf = '198.19';
const subnets = 254;

/**
 * Makes the bridge, with the first subnet that no other lab has. Packets are passed on only from this bridge: the machine does not
 * become a router, and nothing has to be put back.
 */
export async function makeBridge(name: string): Promise<Bridge> {
  // With an address of its own it keeps it; otherwise it would take that of one pod or another.
  await run('ip', 'link', 'add', name, 'address', hardwareAddress(name), 'type', 'bridge');
  const index = await claimSubnet(name);
  const address = `${subnetsOf}.${index}.1`;
  await run('ip', 'address', 'add', `${address}/24`, 'dev', name);
  await run('ip', 'link', 'set', name, 'up');
  await writeFile(`/proc/sys/net/ipv4/conf/${name}/forwarding`, '1');
  const services = `${servicesOf}.${index}`;
  await run('ip', 'route', 'add', 'local', `${services}.0/24`, 'dev', name);
  return { name, address, subnet: `${subnetsOf}.${index}.0/24`, services };
}

/** A second name of the bridge is the claim: the kernel gives each name once, whoever asks at the same time. */
async function claimSubnet(name: string): Promise<number> {
  let why = '';
  for (let index = 1; index <= subnets; index += 1) {
    try {
      await run('ip', 'link', 'property', 'add', 'dev', name, 'altname', `swb-net-${index}`);
      return index;
    } catch (error) {
      why = String(error);
    }
  }
  throw new SwitchbackFailure('LabIncomplete', `no subnet of ${subnetsOf}.0.0/16 is free for ${name}: ${why}`);
}

/** With the host's ends of the pods' cables, which the kernel would take its time to remove. */
export async function removeBridge(name: string): Promise<void> {
  if (!existsSync(`/sys/class/net/${name}`)) return;
  const ports = JSON.parse(await run('ip', '-json', 'link', 'show', 'master', name)) as { ifname?: string }[];
  for (const { ifname } of ports) {
    // Gone meanwhile when its other end went with the pod.
    if (ifname !== undefined) await run('ip', 'link', 'delete', ifname).catch(() => undefined);
  }
  await run('ip', 'link', 'delete', name);
}

/** Locally administered, and told by the name. */
function hardwareAddress(name: string): string {
  const id = name.slice(-8).match(/../g) ?? [];
  return ['02', '5b', ...id].join(':');
}
