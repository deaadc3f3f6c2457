import type { StageChange, StageDiff, StageFinding } from '../../../core/model/stage';

/** What is listed of each kind of news; histories keep every diff. */
const mostListed = 100;
const mostFields = 20;

/** Collects what a pass did. */
export class DiffRecord {
  readonly #changes: StageChange[] = [];
  readonly #kept = new Map<string, StageFinding>();
  readonly #troubles = new Map<string, StageFinding>();
  #unchanged = 0;

  unchanged(): void {
    this.#unchanged += 1;
  }

  change(object: string, did: StageChange['did'], fields: readonly string[] = []): void {
    const more = fields.length > mostFields ? [`and ${fields.length - mostFields} more`] : [];
    this.#changes.push({ object, did, fields: [...fields.slice(0, mostFields), ...more] });
  }

  kept(object: string, because: string): void {
    this.#kept.set(`${object} ${because}`, { object, because });
  }

  /** The same trouble of a whole kind is said once. */
  trouble(object: string, because: string): void {
    this.#troubles.set(`${object} ${because}`, { object, because });
  }

  diff(about: Pick<StageDiff, 'from' | 'to' | 'dryRun'>): StageDiff {
    const count = (did: StageChange['did']): number => this.#changes.filter((change) => change.did === did).length;
    const [kept, troubles] = [[...this.#kept.values()], [...this.#troubles.values()]];
    return {
      ...about,
      finishedAt: new Date().toISOString(),
      created: count('created'),
      changed: count('changed'),
      deleted: count('deleted'),
      unchanged: this.#unchanged,
      changes: this.#changes.slice(0, mostListed),
      kept: kept.slice(0, mostListed),
      troubles: troubles.slice(0, mostListed),
      keptCount: kept.length,
      troubleCount: troubles.length,
    };
  }
}
