import type { EvidenceHead } from '../core/model/evidence';
import { SwitchbackFailure } from '../core/model/failure';
import { canonicalJson } from '../core/planning/canonical-json';
import {
  emptyHead,
  headOf,
  nextEntry,
  readEntry,
  textOf,
  type EvidenceEntry,
  type NewEvidence,
} from '../core/evidence/entry';
import { verifyChain, type EvidenceFault, type KnownHead, type VerifiedChain } from '../core/evidence/verify-chain';
import { inParallel } from './in-parallel';
import { sha256 } from './sha256';
import { bodyKey, entriesPrefix, entryKey, sequenceOf, type EvidenceStore } from './store';

/** Two that append at the same moment follow each other; more than this many in a row are a fault. */
const MOST_TRIES = 50;
/** What is further behind reads a list, instead of asking for one entry after the other. */
const FAR_BEHIND = 8;

export interface Kept {
  readonly entry: EvidenceEntry;
  /** The end of the chain, when this was appended. */
  readonly head: EvidenceHead;
}

/** What is to be kept, which may name the end of the chain that it follows. */
export type BodyAfter = (before: EvidenceHead) => object;

/** The evidence of one protection group. Nothing in it is ever written twice. */
export class EvidenceChain {
  private readonly known = new Map<string, Kept>();
  private head: EvidenceHead = emptyHead;
  private appending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: EvidenceStore,
    private readonly group: string,
  ) {}

  /** Keeps a body at the end of the chain. What was kept before under the same id stays, and is given back. */
  append(evidence: Omit<NewEvidence, 'group'>, body: BodyAfter): Promise<Kept> {
    // In one process one after the other: at the same moment all but one would have to try again.
    const appended = this.appending.then(() => this.appendNow(evidence, body));
    this.appending = appended.catch(() => undefined);
    return appended;
  }

  /** What an entry keeps, as it was given. @throws SwitchbackFailure `EvidenceChanged` when it is gone, or is not what was kept */
  async bodyOf(entry: EvidenceEntry): Promise<unknown> {
    return JSON.parse(await this.textOfBody(entry));
  }

  /** The same as the text that is kept. */
  async textOfBody({ body, sequence }: EvidenceEntry): Promise<string> {
    const text = await this.store.get(bodyKey(this.group, body));
    if (text !== undefined && sha256(text) === body) return text;
    throw new SwitchbackFailure(
      'EvidenceChanged',
      `what entry ${sequence} of the evidence of group "${this.group}" keeps ${text === undefined ? 'is gone' : 'was changed'}; run \`switchback evidence verify ${this.group}\`.`,
    );
  }

  /** Its entries that can be read, in their order; nothing of them is checked. */
  async entries(): Promise<readonly EvidenceEntry[]> {
    const { texts } = await this.readEntries(0);
    return [...texts.values()].map(readEntry).filter((entry) => typeof entry !== 'string');
  }

  /** All of it, checked. `known`: ends of the chain as they are kept elsewhere. */
  async verify(known: readonly KnownHead[] = []): Promise<VerifiedChain> {
    const { texts, strangers } = await this.readEntries(0);
    const named = [...texts.values()].flatMap((text) => /"body":"([0-9a-f]{64})"/.exec(text)?.[1] ?? []);
    const bodies = new Map(
      await inParallel([...new Set(named)], async (hash): Promise<[string, string | undefined]> => {
        const text = await this.store.get(bodyKey(this.group, hash));
        return [hash, text === undefined ? undefined : sha256(text)];
      }),
    );
    const stored = { group: this.group, entries: texts, bodyHash: (hash: string) => bodies.get(hash) };
    const verified = verifyChain(stored, sha256, known);
    return { ...verified, faults: [...verified.faults, ...strangers.map(notOfTheChain)] };
  }

  private async appendNow(evidence: Omit<NewEvidence, 'group'>, body: BodyAfter): Promise<Kept> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await this.readNew();
      const before = this.known.get(evidence.id);
      if (before !== undefined) return before;
      const text = `${canonicalJson(body(this.head))}\n`;
      const entry = nextEntry({ ...evidence, group: this.group }, { head: this.head, body: text, sha256 });
      // First the body: an entry is there only with what it keeps. A body without an entry is no fault.
      await this.store.putIfAbsent(bodyKey(this.group, entry.body), text);
      if (await this.store.putIfAbsent(entryKey(this.group, entry.sequence), textOf(entry))) {
        this.learn(entry.sequence, textOf(entry));
        return { entry, head: headOf(entry, sha256) };
      }
    }
    throw new SwitchbackFailure(
      'EvidenceUnavailable',
      `the evidence of group "${this.group}" is being written by too many at once.`,
    );
  }

  /** What others have appended since. */
  private async readNew(): Promise<void> {
    for (let oneByOne = 0; ; oneByOne += 1) {
      if (this.head.sequence === 0 || oneByOne === FAR_BEHIND) {
        const { texts } = await this.readEntries(this.head.sequence);
        for (const [sequence, text] of texts) this.learn(sequence, text);
      }
      const next = this.head.sequence + 1;
      const text = await this.store.get(entryKey(this.group, next));
      if (text === undefined) return;
      this.learn(next, text);
    }
  }

  /** Texts of the entries after that one by their sequence, in their order, and keys that are none of an entry. */
  private async readEntries(
    after: number,
  ): Promise<{ readonly texts: ReadonlyMap<number, string>; readonly strangers: readonly string[] }> {
    const keys = await this.store.list(entriesPrefix(this.group));
    const sequences = keys.flatMap((key) => sequenceOf(this.group, key) ?? []).filter((one) => one > after);
    sequences.sort((one, other) => one - other);
    const texts = await inParallel(sequences, (sequence) => this.store.get(entryKey(this.group, sequence)));
    return {
      texts: new Map(
        sequences.flatMap((sequence, index): [number, string][] => {
          const text = texts[index];
          return text === undefined ? [] : [[sequence, text]];
        }),
      ),
      strangers: keys.filter((key) => sequenceOf(this.group, key) === undefined),
    };
  }

  /** Also what is damaged is followed by what comes next: that is for `verify` to find, and stops no run. */
  private learn(sequence: number, text: string): void {
    const entry = readEntry(text);
    this.head = { sequence, hash: sha256(text) };
    if (typeof entry !== 'string' && !this.known.has(entry.id)) this.known.set(entry.id, { entry, head: this.head });
  }
}

const notOfTheChain = (key: string): EvidenceFault => ({
  where: key,
  what: 'it is no entry of the chain, and stands among them',
});
