import type { NamespaceInventory, StandbyInventory } from '../model/namespace-inventory';
import { isIpv4 } from '../runbook/schema/addresses';
import { siteNames } from './draft-names';
import { entrancesOf, siteOf, THE_NODES } from './outside';
import { review } from './remarks';

/** A site as the runbook has it, and what is to be said of its parts. */
export interface DraftSite {
  readonly site: {
    readonly name: string;
    readonly driver: 'kubernetes';
    readonly address: string;
    readonly kubernetes: {
      readonly namespace: string;
      readonly context: string;
      readonly kubeconfig?: string;
      readonly mover?: { readonly image: string };
    };
  };
  readonly remarks: Readonly<Partial<Record<'name' | 'address' | 'kubernetes', readonly string[]>>>;
}

export interface SitesRequest {
  readonly inventory: NamespaceInventory;
  readonly recovery: { readonly context?: string; readonly namespace: string; readonly standby?: StandbyInventory };
  /** Name of the file, as the worker looks it up. */
  readonly kubeconfig?: string;
  /** There are volumes to move. */
  readonly moved?: boolean;
}

/** Addresses that belong to nobody (RFC 5737). */
const placeholders = { primary: '192.0.2.1', recovery: '198.51.100.1' } as const;
/** Of the second name when the first is that of the cluster at home. */
const unknownContexts = ['recovery-cluster', 'other-cluster'] as const;

const moverImage = 'registry.example.com/switchback-mover:1';

export function draftSites(request: SitesRequest): Readonly<Record<'primary' | 'recovery', DraftSite>> {
  const { inventory, recovery, kubeconfig, moved = false } = request;
  const unknownContext = unknownContexts.find((one) => one !== inventory.context) ?? unknownContexts[0];
  const { context = unknownContext, namespace, standby } = recovery;
  const names = siteNames(inventory, { context, namespace });
  // An object for each site: YAML would make an alias of one that both have.
  const more = () => ({
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(moved && { mover: { image: moverImage } }),
  });
  const home = addressOf(inventory, placeholders.primary);
  const away = awayFrom(home.address, standby);
  const called = [review('a site is called as its context; reports, records and task queues will have this name')];
  const placed =
    kubeconfig === undefined ? [] : [review('the worker looks this file up in its folder SWITCHBACK_KUBECONFIGS')];
  const mover = moved
    ? [
        review(
          `${moverImage} is a placeholder: give the image of deploy/kubernetes/mover/Dockerfile, and the way to its pods`,
        ),
      ]
    : [];
  const unknown =
    recovery.context === undefined ? [review('which context of the kubeconfig is the other cluster?')] : [];
  return {
    primary: {
      site: {
        name: names.primary,
        driver: 'kubernetes',
        address: home.address,
        kubernetes: { context: inventory.context, namespace: inventory.namespace, ...more() },
      },
      remarks: { name: called, address: home.remarks, kubernetes: [...placed, ...mover] },
    },
    recovery: {
      site: {
        name: names.recovery,
        driver: 'kubernetes',
        address: away.address,
        kubernetes: { context, namespace, ...more() },
      },
      remarks: {
        name: called,
        address: away.remarks,
        kubernetes: [...unknown, ...mover, ...missing(inventory, standby)],
      },
    },
  };
}

interface Address {
  readonly address: string;
  readonly remarks: readonly string[];
}

function addressOf(inventory: NamespaceInventory, placeholder: string): Address {
  const entrances = entrancesOf(inventory);
  const place = siteOf(entrances);
  const isPlaceholder = `${placeholder} is a placeholder:`;
  if (place === undefined)
    return {
      address: placeholder,
      remarks: [review(`${isPlaceholder} no Service and no Ingress answers from outside`)],
    };
  if (isIpv4(place)) {
    const through = entrances.find((one) => one.place === place)?.through ?? '';
    return { address: place, remarks: [review(`the address that the status of ${through} tells`)] };
  }
  const { through = '' } = entrances.find((one) => one.place === place) ?? {};
  const where = place === THE_NODES ? 'give the address of a node' : `it is behind ${place}; give its IPv4 address`;
  return { address: placeholder, remarks: [review(`${isPlaceholder} ${through} answers from outside: ${where}`)] };
}

function awayFrom(home: string, standby: StandbyInventory | undefined): Address {
  const placeholder = home === placeholders.recovery ? placeholders.primary : placeholders.recovery;
  if (standby?.kind !== 'read') {
    const why = standby === undefined ? 'the other cluster was not looked at' : standby.because;
    return { address: placeholder, remarks: [review(`${placeholder} is a placeholder: ${why}`)] };
  }
  const found = addressOf(standby.inventory, placeholder);
  if (found.address !== home) return found;
  const why = 'the status there tells the address of the other site';
  return { address: placeholder, remarks: [review(`${placeholder} is a placeholder: ${why}`)] };
}

/** What has to be put there before a failover can start it. */
function missing({ workloads }: NamespaceInventory, standby: StandbyInventory | undefined): readonly string[] {
  if (standby?.kind !== 'read') return [];
  const there = new Set(standby.inventory.workloads.map(({ kind, name }) => `${kind} ${name}`));
  const absent = workloads.map(({ kind, name }) => `${kind} ${name}`).filter((one) => !there.has(one));
  return absent.length === 0 ? [] : [review(`not there yet, and needed before a failover: ${absent.join(', ')}`)];
}
