/**
 * Every kind of step and its traits. Shared code asks the traits; nothing outside of a kind's own activity or gate
 * branches on the kind (docs/adr/0002-kinds-declare.md).
 */
export interface StepTraits {
  /** site: an activity on the site's task queue; control: an activity on the workflows' queue; workflow: waits inside the workflow. */
  readonly runs: 'site' | 'control' | 'workflow';
  /**
   * none: changes nothing. additive: adds something that harms nobody when it stays (a recovery point).
   * mutation: changes a site, a record or the group; before the commit point it needs a compensation.
   * isolated: changes nothing but the copy of a drill, which the removal of that undoes.
   */
  readonly effect: 'none' | 'additive' | 'mutation' | 'isolated';
  /** Guards data or fencing: a person may never skip it. */
  readonly guards: boolean;
  /**
   * What is looked at when a person says that the step was done by hand: "that ...". Absent: nothing can be looked at, so that
   * the claim stands alone, and a step that guards data or fencing cannot be marked as done.
   */
  readonly verification?: string;
  /** No plan has it unless the runbook adds it; whether and how it is undone only the runbook can say. */
  readonly added?: true;
  /** For `runs: 'workflow'`: a person or the clock is waited for, not a machine. */
  readonly waitsFor?: 'people' | 'clock';
  /** Upper bound of one attempt, in seconds. */
  readonly timeoutSeconds: number;
  /** Tries that report a failure before a person is asked. A try lost with its worker is repeated `LOST_ATTEMPTS` times. */
  readonly attempts: number;
  /** What the estimate takes for it when there is no earlier run, in seconds. */
  readonly estimateSeconds: number;
}

const look = {
  runs: 'site',
  effect: 'none',
  guards: false,
  timeoutSeconds: 60,
  attempts: 3,
  estimateSeconds: 0.1,
} as const;
const guard = { effect: 'mutation', guards: true, timeoutSeconds: 120, attempts: 5, estimateSeconds: 0.1 } as const;
/** A provider may take a minute to tell its name servers; what is still under way then is found done by the next try. */
const change = { ...look, effect: 'mutation', timeoutSeconds: 180 } as const;
const ttlAtProvider = 'that the provider gives the TTL of the step';
const wait = { runs: 'workflow', effect: 'none', guards: false, attempts: 1, estimateSeconds: 0 } as const;

export const stepKinds = {
  'verify-site': { ...look, guards: true },
  'test-connectivity': { ...look },
  'capture-point': { ...look, effect: 'additive', guards: true, timeoutSeconds: 3600, estimateSeconds: 0.5 },
  'await-lag': { ...look, guards: true, timeoutSeconds: 86_400, attempts: 3, estimateSeconds: 1 },
  approval: { ...wait, guards: true, waitsFor: 'people', timeoutSeconds: 0 },
  window: { ...wait, guards: true, waitsFor: 'clock', timeoutSeconds: 0 },
  'manual-step': { ...wait, added: true, waitsFor: 'people', timeoutSeconds: 0 },
  'declare-lost': { ...wait, guards: true, waitsFor: 'people', timeoutSeconds: 0 },
  'wait-ttl': { ...wait, waitsFor: 'clock', timeoutSeconds: 0 },
  barrier: { ...wait, timeoutSeconds: 0 },
  'lower-ttl': { ...change, verification: ttlAtProvider },
  'restore-ttl': { ...change, verification: ttlAtProvider },
  'pause-replication': { ...guard, runs: 'control' },
  'resume-replication': { ...guard, runs: 'control' },
  sync: { ...guard, runs: 'site', timeoutSeconds: 86_400, estimateSeconds: 1 },
  // What it changes at the standby, the schedule of staging would have changed as well: nothing of it has to be undone.
  'stage-standby': { ...look, effect: 'additive', timeoutSeconds: 3600, estimateSeconds: 1 },
  'stop-workload': {
    ...guard,
    runs: 'site',
    timeoutSeconds: 600,
    estimateSeconds: 0.5,
    verification: 'that the workload is stopped',
  },
  'fence-site': {
    ...guard,
    runs: 'site',
    verification: 'that the site is fenced against every epoch before that of the step',
  },
  'unfence-site': { ...guard, runs: 'site', verification: 'that the site lets the epoch of the step write' },
  'final-sync': { ...guard, runs: 'site', timeoutSeconds: 86_400, estimateSeconds: 1 },
  'restore-point': { ...guard, runs: 'site', timeoutSeconds: 86_400, estimateSeconds: 1 },
  'claim-volume': { ...guard, runs: 'site', verification: 'that the volume is active with the epoch of the step' },
  'start-workload': {
    ...guard,
    runs: 'site',
    guards: false,
    timeoutSeconds: 600,
    attempts: 3,
    estimateSeconds: 0.5,
    verification: 'that the workload runs with the epoch of the step and is healthy',
  },
  'check-health': { ...look, guards: true, timeoutSeconds: 3600, attempts: 1, estimateSeconds: 0.5 },
  'prepare-drill': { ...guard, runs: 'site', effect: 'isolated', timeoutSeconds: 3600, estimateSeconds: 0.3 },
  'copy-for-drill': { ...guard, runs: 'site', effect: 'isolated', timeoutSeconds: 86_400, estimateSeconds: 1 },
  'verify-lag': { ...look, runs: 'control', guards: true },
  'hold-drill': { ...wait, waitsFor: 'people', timeoutSeconds: 0 },
  'remove-drill': {
    ...guard,
    runs: 'site',
    effect: 'isolated',
    timeoutSeconds: 3600,
    attempts: 10,
    estimateSeconds: 0.5,
  },
  'switch-traffic': { ...change, verification: 'that DNS answers the new values' },
  'verify-traffic': { ...look, guards: true, timeoutSeconds: 300, estimateSeconds: 0.5 },
  'verify-data': { ...look, guards: true, timeoutSeconds: 3600, attempts: 1, estimateSeconds: 0.5 },
  commit: { ...guard, runs: 'control' },
  'start-replication': { ...guard, runs: 'control' },
  // What a hook changes, and whether that needs an undo, is for the runbook to say: it declares the inverse. Its own timeout
  // ends it long before this one does.
  'run-command': {
    ...look,
    added: true,
    effect: 'additive',
    timeoutSeconds: 2 * 3600,
    attempts: 1,
    estimateSeconds: 1,
  },
  'call-webhook': {
    ...look,
    added: true,
    runs: 'control',
    effect: 'additive',
    timeoutSeconds: 600,
    attempts: 5,
    estimateSeconds: 0.5,
  },
} as const satisfies Record<string, StepTraits>;

export type StepKind = keyof typeof stepKinds;

/** The kinds of which a claim can be looked into. */
export type VerifiableKind = {
  [Kind in StepKind]: (typeof stepKinds)[Kind] extends { readonly verification: string } ? Kind : never;
}[StepKind];

export const traitsOf = (kind: StepKind): StepTraits => stepKinds[kind];

/** Attempts in all, those lost with their worker included, before a step counts as failed. */
export const LOST_ATTEMPTS = 30;

/**
 * After so many seconds of silence an activity that is no step counts as lost with its worker. Longer for those of the control
 * queue: compiling a large plan keeps a worker from telling that it lives.
 */
export const CONTROL_HEARTBEAT_SECONDS = 5;
export const LOOK_HEARTBEAT_SECONDS = 2;

/** First pause between two tries of a step, in milliseconds; doubles up to `RETRY_MAXIMUM_MS`. */
export const RETRY_INITIAL_MS = 100;
export const RETRY_MAXIMUM_MS = 10_000;
