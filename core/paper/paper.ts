import type { FailoverMode, Operation } from '../model/operation';

/**
 * A recovery plan as exact commands for people, who carry it out when Switchback or Temporal is what is down. Plain data; it is
 * rendered as Markdown (core/paper/paper-markdown.ts) and as a page for the printer (core/report/html/render-paper.ts).
 */
export interface Paper {
  readonly group: string;
  readonly operation: Operation;
  readonly mode: FailoverMode;
  /** Names of the site that is active before, and of the one that the operation leads to. */
  readonly from: string;
  readonly to: string;
  /** ISO instant. */
  readonly printedAt: string;
  readonly planHash: string;
  readonly runbookDigest: string;
  /** What nobody has looked at, and what the paper takes for it; what was known when it was printed. */
  readonly assumptions: readonly string[];
  /** In order: what comes before the plan, the segments of the plan, the way back, how Switchback gets the group again. */
  readonly sections: readonly PaperSection[];
}

export interface PaperSection {
  readonly title: string;
  readonly tells: readonly string[];
  /** One after another; the steps of one wave may be done at the same time by several people. */
  readonly waves: readonly (readonly PaperStep[])[];
}

export interface PaperStep {
  /** "3.2", of the way back "U4". */
  readonly number: string;
  /** Of the step of the plan; absent for what is only on paper. */
  readonly id?: string;
  readonly title: string;
  readonly who: string;
  /** The site that it is done to: "beta (recovery)"; absent: at none. */
  readonly where?: string;
  /** What must be true before it is begun: "3.1 is done". */
  readonly when: readonly string[];
  readonly tells: readonly string[];
  readonly blocks: readonly Block[];
  /** Numbers of the steps that undo it; empty: nothing has to be undone. */
  readonly undo: readonly string[];
  /** Whoever must agree before anybody goes on. */
  readonly approval?: string;
}

/** do: what is typed. see: what is typed to look, and what must come of it before anybody goes on. */
export type Block =
  | { readonly kind: 'do'; readonly script: string }
  | { readonly kind: 'see'; readonly script: string; readonly shown: string };

/** What a step is on paper, before it has a number. */
export interface Written {
  readonly tells?: readonly string[];
  readonly blocks?: readonly Block[];
  readonly who?: string;
  readonly approval?: string;
}

export const act = (...lines: readonly string[]): Block => ({ kind: 'do', script: lines.join('\n') });

export const see = (script: string, shown: string): Block => ({ kind: 'see', script, shown });
