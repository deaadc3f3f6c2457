import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import {
  ATTESTATION,
  type AttestationInput,
  type AttestationProgress,
  type AttestationResult,
  type AttestationStatus,
} from '../core/model/attestation';
import { queries } from '../core/model/names';
import type { Attestation, RunEvent } from '../core/model/run';
import { attestationDetails } from '../core/report/attestation-details';
import { attestationInputShape } from '../core/running/attestation-shapes';
import { problemsOf } from '../core/running/protection-shapes';
import { ATTEST, listenToAttesters, type AttestationTarget } from './attestation-messages';
import { attributes } from './attributes';
import { patientControl } from './callers';
import { Notifier } from './notifier';
import { nextWake } from './reminders';
import { now, RunRecord } from './run-record';
import { SignatureChecks } from './signature-checks';

/**
 * Asks a person whether a drill passed, and reminds until one has said so; then puts that on record and ends. Started by the
 * run of the drill as it ends, and outlives it. No cancel request ends it: a drill that nobody attests is to be counted.
 *
 * @throws ApplicationFailure `InvalidInput`
 */
export async function attestation(input: AttestationInput): Promise<AttestationResult> {
  const wrong = problemsOf(attestationInputShape, input);
  if (wrong !== undefined) {
    throw ApplicationFailure.nonRetryable(
      `an attestation is started by the drill that it is about. ${wrong}`,
      'InvalidInput',
    );
  }
  const open = new OpenAttestation(input);
  return CancellationScope.nonCancellable(async () => {
    if (input.progress === undefined) await open.count();
    const said = await open.answer();
    return said === undefined
      ? continueAsNew<typeof attestation>({ ...input, progress: open.progress })
      : open.keep(said);
  });
}

/** After so many reminders the workflow continues as new: it may wait for months, and its notices have a bound. */
const REMINDERS_A_RUN = 20;

/** For notices that are on their way; each of them ends by itself before. */
const TOLD_WITHIN = '3 minutes';

class OpenAttestation implements AttestationTarget {
  readonly record = new RunRecord();
  readonly checks = new SignatureChecks('send it again in a moment');
  progress: AttestationProgress;
  attestation: Attestation | undefined;
  private readonly notifier: Notifier;
  private readonly remindersBefore: number;
  private shown = '';

  constructor(readonly asked: AttestationInput) {
    const { drill, notices, progress } = asked;
    this.progress = progress ?? { since: now(), reminders: 0 };
    this.remindersBefore = this.progress.reminders;
    const { workflowId, group } = drill;
    // Notices are numbered by the run that sends them, and this one is not the run of the drill.
    this.notifier = new Notifier(this.record, { workflowId, group, operation: 'drill', runId: workflowInfo().runId });
    this.notifier.begin(notices);
    setHandler(defineQuery<AttestationStatus>(queries.status), () => this.status());
    setHandler(defineQuery<readonly RunEvent[], [unknown]>(queries.timeline), (page) => this.record.page(page));
    listenToAttesters(this);
    this.changed();
  }

  /** The group counts it from now on. */
  async count(): Promise<void> {
    const { group, workflowId, runId, endedAt } = this.asked.drill;
    await patientControl.noteDrill({ group, drill: { workflowId, runId, endedAt } });
  }

  /** What somebody says of the drill; undefined when the workflow must continue as new before anybody has. */
  async answer(): Promise<Attestation | undefined> {
    const done = (): boolean => this.attestation !== undefined || this.long;
    while (!done()) {
      const { since, remindedAt = since } = this.progress;
      const { remindSeconds } = this.asked.policy;
      const wakeAt = nextWake({ since: remindedAt, remindSeconds, reminders: 0, expiresAt: undefined }) ?? 0;
      if (!(await condition(done, Math.max(1, wakeAt - Date.now())))) this.remind();
    }
    await this.settled();
    return this.attestation;
  }

  take(said: Attestation): void {
    this.attestation = said;
    this.record.add({ kind: 'attested', attestation: said });
  }

  /** Puts on record what was said. */
  async keep(said: Attestation): Promise<AttestationResult> {
    const { drill } = this.asked;
    const { group, workflowId, runId, endedAt } = drill;
    const { verdict, by, at, signed } = said;
    const attested = { workflowId, runId, endedAt, verdict, by, at, ...(signed && { keyId: signed.keyId }) };
    await patientControl.noteDrill({ group, drill: attested });
    const { reminders } = this.progress;
    const { files } = await patientControl.writeAttestation({ drill, attestation: said, reminders });
    await this.settled();
    return { ...said, reminders, files };
  }

  changed(): void {
    const { attestation: said, asked } = this;
    setCurrentDetails(attestationDetails(this.status(), now()));
    const outcome = said?.verdict ?? 'unattested';
    if (outcome === this.shown) return;
    this.shown = outcome;
    upsertSearchAttributes([
      { key: attributes.group, value: asked.drill.group },
      { key: attributes.phase, value: said ? 'finished' : 'waiting' },
      { key: attributes.waitingFor, value: said ? [] : [ATTESTATION] },
      { key: attributes.outcome, value: outcome },
    ]);
  }

  /** Its history would grow without end. */
  private get long(): boolean {
    const reminded = this.progress.reminders - this.remindersBefore >= REMINDERS_A_RUN;
    return reminded || this.checks.exhausted(ATTEST) || workflowInfo().continueAsNewSuggested;
  }

  private remind(): void {
    const reminders = this.progress.reminders + 1;
    this.progress = { ...this.progress, reminders, remindedAt: now() };
    this.record.add({ kind: 'attestation-reminded', reminders });
    this.changed();
  }

  private async settled(): Promise<void> {
    await this.notifier.settled(TOLD_WITHIN);
    await condition(allHandlersFinished);
  }

  private status(): AttestationStatus {
    const { asked, progress, attestation: said, record } = this;
    const { by: who, signed } = asked.policy;
    const answer = (verdict: Attestation['verdict']) => ({
      message: ATTEST,
      payload: { by: who[0] ?? 'you@example.com', verdict, notes: 'what was seen' },
    });
    return {
      workflowId: workflowInfo().workflowId,
      drill: asked.drill,
      who,
      ...(signed && { signed }),
      ...progress,
      ...(said && { attestation: said }),
      ...(record.lastRefusal !== undefined && { lastRefusal: record.lastRefusal }),
      answers: said ? [] : [answer('passed'), answer('failed')],
    };
  }
}
