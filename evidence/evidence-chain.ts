import type { EvidenceHead } from '../core/model/evidence';
import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/planning/canonical-json';
import { emptyHead, headOf, nextEntry, textOf, type EvidenceEntry, type NewEvidence } from '../core/evidence/entry';
import { verifyChain, type VerifiedChain } from '../core/evidence/verify-chain';
import { bodyKey, entriesPrefix, entryKey, sequenceOf, type EvidenceStore } from './store';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Two that append at the same moment follow each other; more than this many in a row are a fault. */
const MOST_TRIES = 50;

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

  constructor(
    private readonly store: EvidenceStore,
    private readonly group: string,
  ) {}

  /** Keeps a body at the end of the chain. What was kept before under the same id stays, and is given back. */
  async append(evidence: Omit<NewEvidence, 'group'>, body: BodyAfter): Promise<Kept> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await this.readNew();
      const before = this.known.get(evidence.id);
      if (before !== undefined) return before;
      const text = `${canonicalJson(body(this.head))}\n`;
      const entry = nextEntry({ ...evidence, group: this.group }, { head: this.head, body: text, sha256 });
      // First the body: an entry is there only with what it keeps.
      await this.store.putIfAbsent(bodyKey(this.group, entry.body), text);
      if (await this.store.putIfAbsent(entryKey(this.group, entry.sequence), textOf(entry))) return this.learn(entry);
    }
    throw new Error(`evidence of group "${this.group}" is being written by too many at once`);
  }

  /** What an entry keeps, as it was given. @throws Error when it is gone, or is not what was kept */
  async bodyOf({ body, sequence }: EvidenceEntry): Promise<unknown> {
    const text = await this.store.get(bodyKey(this.group, body));
    if (text === undefined || sha256(text) !== body)
      throw new Error(
        `entry ${sequence} of the evidence of group "${this.group}" is not what was kept; run \`switchback evidence verify ${this.group}\``,
      );
    return JSON.parse(text);
  }

  /** All of it, checked. `known`: the end of the chain as it is kept elsewhere. */
  async verify(known?: EvidenceHead): Promise<VerifiedChain> {
    const entries = new Map<number, string>();
    const bodies = new Map<string, string>();
    for (const key of await this.store.list(entriesPrefix(this.group))) {
      const [sequence, text] = [sequenceOf(key), await this.store.get(key)];
      if (sequence === undefined || text === undefined) continue;
      entries.set(sequence, text);
      const [, hash] = /"body":"([0-9a-f]{64})"/.exec(text) ?? [];
      const body = hash === undefined ? undefined : await this.store.get(bodyKey(this.group, hash));
      if (hash !== undefined && body !== undefined) bodies.set(hash, body);
    }
    return verifyChain({ group: this.group, entries, body: (hash) => bodies.get(hash) }, sha256, known);
  }

  /** What others have appended since. */
  private async readNew(): Promise<void> {
    for (;;) {
      const text = await this.store.get(entryKey(this.group, this.head.sequence + 1));
      if (text === undefined) return;
      this.learn(this.entryIn(text));
    }
  }

  private entryIn(text: string): EvidenceEntry {
    try {
      return JSON.parse(text) as EvidenceEntry;
    } catch {
      throw new Error(
        `the evidence of group "${this.group}" cannot be read after entry ${this.head.sequence}; run \`switchback evidence verify ${this.group}\``,
      );
    }
  }

  private learn(entry: EvidenceEntry): Kept {
    const kept = { entry, head: headOf(entry, sha256) };
    this.head = kept.head;
    this.known.set(entry.id, kept);
    return kept;
  }
}
