import type { FaultTrial, TrialNews } from '../core/model/fault-trial';
import type { Operation } from '../core/model/operation';

export interface TestedScene {
  readonly operation: Operation;
  readonly scene: string;
  /** How many trials there are to be. */
  readonly planned: number;
  readonly trials: readonly FaultTrial[];
}

export interface TestedRunbook {
  readonly file: string;
  readonly group: string;
  readonly scenes: readonly TestedScene[];
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

/** What the simulation has said so far, put together. */
export class TestedRunbooks {
  readonly runbooks: Writable<TestedRunbook>[] = [];
  /** The simulation has said its last word. */
  complete = false;
  private scene: Writable<TestedScene> | undefined;

  take(news: TrialNews): void {
    switch (news.kind) {
      case 'runbook':
        this.runbooks.push({ file: news.file, group: news.group, scenes: [] });
        break;
      case 'scene':
        this.scene = { operation: news.operation, scene: news.scene, planned: news.trials, trials: [] };
        this.runbooks.at(-1)?.scenes.push(this.scene);
        break;
      case 'trial':
        this.scene?.trials.push(news.trial);
        break;
      case 'end':
        this.complete = true;
    }
  }

  /** The scene that is being tried, or was last. */
  get current(): TestedScene | undefined {
    return this.scene;
  }

  get trials(): readonly FaultTrial[] {
    return this.runbooks.flatMap(({ scenes }) => scenes.flatMap(({ trials }) => trials));
  }
}

export const isWrong = ({ wrong }: FaultTrial): boolean => wrong.length > 0;
