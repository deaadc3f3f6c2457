import type { FailoverMode } from './operation';
import type { SiteRole } from './site';

/** Phases beside which a runbook may put steps of its own. None before the gates: nothing is done before people agreed. */
export const addedStepPhases = [
  'prepare',
  'stop',
  'data',
  'start',
  'traffic',
  'commit',
  'replicate',
  'finish',
] as const;

export type AddedStepPhase = (typeof addedStepPhases)[number];

/** A step that the runbook adds to the plan of an operation: a hook, or something that a person does. */
export interface AddedStep {
  readonly name: string;
  readonly place: StepPlace;
  readonly action: AddedAction;
  /** Runs at a rollback when the step was begun. */
  readonly inverse?: HookAction;
  /** What it has done may stay done after a rollback: nobody need undo it. */
  readonly mayStay?: true;
  /**
   * What follows when it has failed. fail: what the operation says of failed steps. ask: a person is asked whatever the
   * operation says. continue: it is left out, and the run goes on.
   */
  readonly onFailure: AddedStepPolicy;
  /** Whose worker runs a command; absent: that of the place, else that of the site that the operation leads to. */
  readonly site?: SiteRole;
  /** Only of a failover, and only in this mode. */
  readonly mode?: FailoverMode;
}

export type AddedStepPolicy = 'fail' | 'ask' | 'continue';

/** Before the first or after the last step of a phase, of one priority group in it, or of one workload in it. */
export interface StepPlace {
  readonly moment: 'before' | 'after';
  readonly phase: AddedStepPhase;
  readonly priority?: number;
  readonly workload?: string;
}

export type HookAction = CommandAction | WebhookAction;
export type AddedAction = HookAction | ManualAction;

/** A program on the allow-list of the worker, with its arguments and without a shell. */
export interface CommandAction {
  readonly kind: 'command';
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
}

/** A signed POST. Address and secret are named, not given: they are read where they are used. */
export interface WebhookAction {
  readonly kind: 'webhook';
  readonly urlFrom: string;
  readonly secretFrom?: string;
  /** Of one try. */
  readonly timeoutSeconds: number;
}

/** Something that a person does, and says how it went. */
export interface ManualAction {
  readonly kind: 'manual';
  /** Markdown. */
  readonly instructions: string;
  /** Who may answer, groups resolved to their people; empty: anyone. */
  readonly who: readonly string[];
  /** Public keys of those who may answer and have one, by name. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Seconds until the step fails; absent: it waits as long as it takes. */
  readonly withinSeconds?: number;
  /** Seconds between two reminders; absent: none. */
  readonly remindSeconds?: number;
}
