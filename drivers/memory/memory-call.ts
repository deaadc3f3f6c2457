import { SwitchbackFailure } from '../../core/model/failure';
import type { SiteSpec } from '../../core/model/site';
import type { CallContext, Mutation } from '../ports';
import type { MemoryFaults } from './memory-faults';
import type { JournalEntry, MemoryCall } from './memory-journal';
import { type FenceEntry, type MemoryState, own, seenGroup, type SiteState } from './memory-state';

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** What the drivers of one world share. */
export interface MemoryCore {
  readonly state: MemoryState;
  readonly faults: MemoryFaults;
  readonly journal: JournalEntry[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Milliseconds that a call of the method takes. */
  readonly latencyOf: (call: MemoryCall) => number;
}

/** A long call says so this often. */
const progressEveryMs = 200;

/**
 * The frame of every call: cancelled, late or made to fail as the world was told, and in between `effect`, which runs in one
 * go, so that no other call ever sees half of it.
 */
export async function runCall<T>(
  core: MemoryCore,
  call: MemoryCall,
  { context, effect }: { readonly context: CallContext; readonly effect: () => T },
): Promise<T> {
  context.signal.throwIfAborted();
  context.progress({ doing: `${call.method} ${call.target}` });
  for (let left = core.latencyOf(call); left > 0; left -= progressEveryMs) {
    await core.sleep(Math.min(left, progressEveryMs), context.signal);
    context.progress({ doing: `${call.method} ${call.target}` });
  }
  context.signal.throwIfAborted();
  const due = core.faults.due(call);
  for (const site of due.vanishing) siteOf(core, site).isolated = true;
  if (due.before !== undefined) throw due.before;
  const result = effect();
  if (due.after !== undefined) throw due.after;
  return result;
}

export function recordEffect(core: MemoryCore, { method, site, target, mutation }: MemoryCall): void {
  if (mutation === undefined) return;
  const { epoch, operationKey } = mutation;
  core.journal.push({ method, ...(site === undefined ? {} : { site }), target, epoch, operationKey });
}

export const isoNow = (core: MemoryCore): string => new Date(core.now()).toISOString();

/** The site, whether it answers or not. */
export function siteOf(core: MemoryCore, name: string): SiteState {
  const site = own(core.state.sites, name);
  if (site !== undefined) return site;
  const known = Object.keys(core.state.sites).join(', ');
  throw new SwitchbackFailure('DriverMissing', `this memory world has no site "${name}"; it has ${known}`, {
    site: name,
  });
}

/** The site, when it answers. */
export function reachableSite(core: MemoryCore, { name, address }: SiteSpec): SiteState {
  const site = siteOf(core, name);
  if (!site.isolated) return site;
  throw new SwitchbackFailure('SiteUnreachable', `site "${name}" (${address}) does not answer`, { site: name });
}

/** Throws `Fenced` when the fence is higher than the epoch. A quarantine passes: stopping and fencing are always safe. */
export function assertEpochAllowed(core: MemoryCore, site: SiteSpec, { group, epoch }: Mutation): FenceEntry {
  const { fence } = seenGroup(siteOf(core, site.name), group);
  if (fence.epoch <= epoch) return fence;
  throw new SwitchbackFailure(
    'Fenced',
    `site "${site.name}" is fenced for group "${group}": epoch ${epoch} is lower than ${fence.epoch}`,
    { site: site.name, epoch, fence: fence.epoch },
  );
}

/** Throws `Fenced` when the fence keeps that epoch out, or everything because of a quarantine. */
export function assertNotFenced(core: MemoryCore, site: SiteSpec, mutation: Mutation): void {
  if (!assertEpochAllowed(core, site, mutation).quarantined) return;
  const message = `site "${site.name}" came back after it was cut off: nothing of group "${mutation.group}" may write there until it is fenced or unfenced anew`;
  throw new SwitchbackFailure('Fenced', message, { site: site.name, epoch: mutation.epoch });
}
