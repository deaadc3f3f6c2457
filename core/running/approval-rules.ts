import { personKey, samePerson } from '../model/person-name';
import type { ApprovalGate } from '../model/runbook';
import type { Decision, Delegation } from '../model/run';
import { seated } from './quorum-seats';

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
  /** How many times everybody was asked, this one included; absent: once. Signatures are bound to it. */
  readonly asking?: number;
  /** When each person signed last, by that one's clock and `personKey`: an older signature is one that is sent again. */
  readonly signedAt?: Readonly<Record<string, string>>;
}

/** Of a manual step: that it failed, which ends the wait for it just so. */
const declining: ReadonlySet<string> = new Set(['decline', 'failed']);

export const emptyLedger: GateLedger = { decisions: [], delegations: [] };

/** Everybody is asked anew: what was said counts no more, and no signature of before ever will. */
export const askedAgain = ({ asking = 1, signedAt }: GateLedger): GateLedger => ({
  ...emptyLedger,
  asking: asking + 1,
  ...(signedAt && { signedAt }),
});

/** Whose place the person takes, as `personKey`s: the own one unless it was given away, and those that were given to this person. */
export function placesOf(ledger: GateLedger, person: string): readonly string[] {
  const given = new Map(ledger.delegations.map(({ by, to }) => [personKey(by), personKey(to)]));
  const holderOf = (place: string): string => {
    const seen = new Set<string>();
    let holder = place;
    for (let next = given.get(holder); next !== undefined && !seen.has(next); next = given.get(holder)) {
      seen.add(holder);
      holder = next;
    }
    return holder;
  };
  const own = personKey(person);
  return [...new Set([own, ...given.keys()])].filter((place) => holderOf(place) === own);
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
  if (notRequester && samePerson(by, requester) && !declines) {
    return `"${by}" has asked for this run: somebody else must approve at gate "${name}"`;
  }
  if (placesOf(ledger, by).length === 0) return `"${by}" has delegated to ${holder(ledger, by)}`;
  const places = declines ? placesOf(ledger, by) : countedPlaces(question, ledger, by);
  const asked = new Set(approvers.map(personKey));
  if (places.length > 0 && (asked.size === 0 || places.some((place) => asked.has(place)))) return undefined;
  return `"${by}" may not decide at gate "${name}"; it asks ${approvers.join(', ') || 'anyone else'}`;
}

/** The place of whoever asked for the run counts for nobody where that one may not approve. */
const countedPlaces = ({ gate, requester }: ApprovalQuestion, ledger: GateLedger, by: string): readonly string[] =>
  placesOf(ledger, by).filter((place) => gate.notRequester !== true || place !== personKey(requester));

/** Why this delegation is not possible, or undefined. Delegating to oneself takes the own place back. */
export function refuseDelegation(
  question: ApprovalQuestion,
  ledger: GateLedger,
  wanted: Pick<Delegation, 'by' | 'to'>,
): string | undefined {
  const { gate, requester } = question;
  const { by, to } = wanted;
  if (samePerson(by, to)) return delegationOf(ledger, by) ? undefined : `"${by}" decides already`;
  if (decisionOf(ledger, by)) return `"${by}" has decided; withdraw that first`;
  if (gate.notRequester === true && samePerson(to, requester)) {
    return `"${to}" has asked for this run and may not decide`;
  }
  const key = keyFor(gate, to);
  if (typeof key === 'string') return key;
  if (placesOf(ledger, to).length === 0) return `"${to}" has delegated to ${holder(ledger, to)}`;
  return refuseDecider(question, ledger, { by });
}

/**
 * The ledger after a delegation. When a place is taken back, what was decided in it falls with it, unless whoever decided
 * holds another one.
 */
export function delegated(question: ApprovalQuestion, ledger: GateLedger, delegation: Delegation): GateLedger {
  if (!samePerson(delegation.by, delegation.to)) {
    return { ...ledger, delegations: [...ledger.delegations, delegation] };
  }
  const delegations = ledger.delegations.filter(({ by }) => !samePerson(by, delegation.by));
  const after = { ...ledger, delegations };
  const decisions = ledger.decisions.filter((decision) => refuseDecider(question, after, decision) === undefined);
  return { ...after, decisions };
}

/** What the person has decided and not taken back. */
export const decisionOf = ({ decisions }: GateLedger, person: string): Decision | undefined =>
  decisions.find(({ by }) => samePerson(by, person));

const delegationOf = ({ delegations }: GateLedger, person: string): Delegation | undefined =>
  delegations.find(({ by }) => samePerson(by, person));

const holder = (ledger: GateLedger, by: string): string => delegationOf(ledger, by)?.to ?? 'somebody else';

/** Whether a message of this person must be signed, and with which key; a text says why none can count. */
export function keyFor(gate: Partial<ApprovalGate>, by: string): { readonly key?: string } | string {
  const key = Object.entries(gate.keys ?? {}).find(([person]) => samePerson(person, by))?.[1];
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
  const missing = missingOf(question.gate, new Map(deciders.map((by) => [by, countedPlaces(question, ledger, by)])));
  return { standing: missing === '' ? 'approved' : 'open', missing };
}

/** What is missing when these people approve, each in their places; "" when nothing is. */
function missingOf(gate: Partial<ApprovalGate>, places: ReadonlyMap<string, readonly string[]>): string {
  const parts = gate.quorum ?? [];
  const filled = seated(parts, places);
  const open = parts
    .map((part, index) => ({ ...part, left: part.count - (filled[index] ?? 0) }))
    .filter(({ left }) => left > 0);
  const needed = Math.max(
    gate.required ?? 1,
    parts.reduce((sum, { count }) => sum + count, 0),
  );
  const more = needed - places.size - open.reduce((sum, { left }) => sum + left, 0);
  return [
    ...open.map(({ group, left }) => `${left} of ${group}`),
    ...(more > 0 ? [`${more}${open.length > 0 ? ' more' : ''} of those who may decide`] : []),
  ].join(' and ');
}

/**
 * What would be missing even when everybody approves who ever may; "" when the gate can open. Delegations change nothing:
 * each place is held by one person, and that one counts once.
 */
export function neverGiven({ gate, requester }: ApprovalQuestion): string {
  const { approvers = [], signed, keys = {}, notRequester } = gate;
  // Anyone may decide, and there is always somebody else.
  if (approvers.length === 0 && signed !== 'required') return '';
  const asked = approvers.length > 0 ? approvers : Object.keys(keys);
  const may = [...new Set(asked.map(personKey))].filter(
    (person) => typeof keyFor(gate, person) === 'object' && !(notRequester === true && samePerson(person, requester)),
  );
  return missingOf(gate, new Map(may.map((person) => [person, [person]])));
}
