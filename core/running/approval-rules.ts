import type { ApprovalGate } from '../model/runbook';
import type { Decision, Delegation } from '../model/run';

/** What an approval gate asks for, and of whom. Without `gate` it is a question that one person answers, such as a declaration. */
export interface ApprovalQuestion {
  readonly gate: Partial<ApprovalGate>;
  /** Who asked for the run. */
  readonly requester: string;
}

/** What people have said at a gate so far and not taken back: at most one decision a person. */
export interface GateLedger {
  readonly decisions: readonly Decision[];
  readonly delegations: readonly Delegation[];
  /** When each person signed last, by that one's clock: an older signature is one that is sent again. */
  readonly signedAt?: Readonly<Record<string, string>>;
}

/** Of a manual step: that it failed, which ends the wait for it just so. */
const declining: ReadonlySet<string> = new Set(['decline', 'failed']);

export const emptyLedger: GateLedger = { decisions: [], delegations: [] };

/** Whose place the person takes: the own one unless it was given away, and those that were given to this person. */
export function placesOf(ledger: GateLedger, person: string): readonly string[] {
  const given = new Map(ledger.delegations.map(({ by, to }) => [by, to]));
  const holderOf = (place: string): string => {
    const seen = new Set<string>();
    let holder = place;
    for (let next = given.get(holder); next !== undefined && !seen.has(next); next = given.get(holder)) {
      seen.add(holder);
      holder = next;
    }
    return holder;
  };
  return [...new Set([person, ...given.keys()])].filter((place) => holderOf(place) === person);
}

/** Why the person may not decide so here, or undefined. Whoever asked for the run may still decline it. */
export function refuseDecider(
  question: ApprovalQuestion,
  ledger: GateLedger,
  { by, decision }: { readonly by: string; readonly decision?: Decision['decision'] | undefined },
): string | undefined {
  const { gate, requester } = question;
  const { approvers = [], notRequester = false, name = '' } = gate;
  const declines = decision === 'decline';
  if (notRequester && by === requester && !declines) {
    return `"${by}" has asked for this run: somebody else must approve at gate "${name}"`;
  }
  if (placesOf(ledger, by).length === 0) return `"${by}" has delegated to ${holder(ledger, by)}`;
  const places = declines ? placesOf(ledger, by) : countedPlaces(question, ledger, by);
  if (places.length > 0 && (approvers.length === 0 || places.some((place) => approvers.includes(place))))
    return undefined;
  return `"${by}" may not decide at gate "${name}"; it asks ${approvers.join(', ') || 'anyone else'}`;
}

/** The place of whoever asked for the run counts for nobody where that one may not approve. */
const countedPlaces = ({ gate, requester }: ApprovalQuestion, ledger: GateLedger, by: string): readonly string[] =>
  placesOf(ledger, by).filter((place) => gate.notRequester !== true || place !== requester);

/** Why this delegation is not possible, or undefined. */
export function refuseDelegation(
  question: ApprovalQuestion,
  ledger: GateLedger,
  wanted: Pick<Delegation, 'by' | 'to'>,
): string | undefined {
  const { gate, requester } = question;
  const { by, to } = wanted;
  if (by === to) return `"${by}" decides already`;
  if (ledger.decisions.some((decision) => decision.by === by)) return `"${by}" has decided; withdraw that first`;
  if (gate.notRequester === true && to === requester) return `"${to}" has asked for this run and may not decide`;
  const key = keyFor(gate, to);
  if (typeof key === 'string') return key;
  if (placesOf(ledger, to).length === 0) return `"${to}" has delegated to ${holder(ledger, to)}`;
  return refuseDecider(question, ledger, { by });
}

const holder = (ledger: GateLedger, by: string): string =>
  ledger.delegations.find((delegation) => delegation.by === by)?.to ?? 'somebody else';

/** Whether a message of this person must be signed, and with which key; a text says why none can count. */
export function keyFor(gate: Partial<ApprovalGate>, by: string): { readonly key?: string } | string {
  const key = gate.keys && Object.hasOwn(gate.keys, by) ? gate.keys[by] : undefined;
  if (key !== undefined) return { key };
  return gate.signed === 'required'
    ? `gate "${gate.name ?? ''}" takes signed decisions only, and the runbook has no publicKey of "${by}"`
    : {};
}

/** Declined by anybody; else approved as soon as nothing is missing. `missing` says in words what is. */
export function standingOf(
  question: ApprovalQuestion,
  ledger: GateLedger,
): { readonly standing: 'open' | 'approved' | 'declined'; readonly missing: string } {
  if (ledger.decisions.some(({ decision }) => declining.has(decision))) return { standing: 'declined', missing: '' };
  const deciders = ledger.decisions.map(({ by }) => by);
  const { gate } = question;
  const places = new Map(deciders.map((by) => [by, countedPlaces(question, ledger, by)]));
  const parts = gate.quorum ?? [];
  const filled = seated(parts, places);
  const open = parts
    .map((part, index) => ({ ...part, left: part.count - (filled[index] ?? 0) }))
    .filter(({ left }) => left > 0);
  const needed = Math.max(
    gate.required ?? 1,
    parts.reduce((sum, { count }) => sum + count, 0),
  );
  const more = needed - deciders.length - open.reduce((sum, { left }) => sum + left, 0);
  const missing = [
    ...open.map(({ group, left }) => `${left} of ${group}`),
    ...(more > 0 ? [`${more}${open.length > 0 ? ' more' : ''} of those who may decide`] : []),
  ].join(' and ');
  return { standing: missing === '' ? 'approved' : 'open', missing };
}

/**
 * How many seats of each part are taken when everybody is seated as well as possible, nobody twice: somebody who belongs to
 * two groups moves over when that lets another one sit down (augmenting paths in a bipartite graph).
 */
function seated(
  parts: NonNullable<ApprovalGate['quorum']>,
  places: ReadonlyMap<string, readonly string[]>,
): readonly number[] {
  const seats = parts.flatMap(({ count, people }, part) => Array.from({ length: count }, () => ({ part, people })));
  const taken = new Map<number, string>();
  const sitDown = (person: string, tried: Set<number>): boolean =>
    seats.some(({ people }, seat) => {
      if (tried.has(seat) || !(places.get(person) ?? []).some((place) => people.includes(place))) return false;
      tried.add(seat);
      const there = taken.get(seat);
      if (there !== undefined && !sitDown(there, tried)) return false;
      taken.set(seat, person);
      return true;
    });
  for (const person of places.keys()) sitDown(person, new Set());
  return parts.map((_, part) => [...taken.keys()].filter((seat) => seats[seat]?.part === part).length);
}
