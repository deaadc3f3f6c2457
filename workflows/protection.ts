import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { LoadedRunbook } from '../activities/contract';
import type {
  AcquireUpdate,
  Acquired,
  CommitUpdate,
  NoteDrillRequest,
  ReleaseRequest,
  ReplicationUpdate,
} from '../activities/group-contract';
import type { ProtectionInput, ProtectionState } from '../core/model/protection';
import type { StepError } from '../core/model/run';
import { groupDetails } from '../core/report/group-details';
import { drillNoted } from '../core/running/drill-record';
import { drillEnded } from '../core/running/drill-rules';
import { notReplaceable, sameGroupState, type ReplaceRequest } from '../core/running/imported-state';
import { committed, establish, released } from '../core/running/protection-rules';
import { problemsOf, protectionInputShape } from '../core/running/protection-shapes';
import { attributes } from './attributes';
import { control } from './callers';
import { observe } from './prepare-run';
import {
  acquireUpdate,
  attestationUpdate,
  commitUpdate,
  pauseReplicationUpdate,
  releaseUpdate,
  replaceUpdate,
  resumeReplicationUpdate,
  stateQuery,
} from './protection-messages';
import { checked } from './protection-refusals';
import { ProtectionEvidence } from './protection-evidence';
import { Replicator } from './replicator';
import { takeGroup } from './take-group';
import { now, stepErrorOf } from './run-record';
import type { StateCell } from './state-cell';

/**
 * Owns the state of one protection group: the lock that every operation takes, its epochs, and the schedule of replication.
 * Lives as long as the group does; continues as new before its history grows large.
 *
 * @throws ApplicationFailure `InvalidInput`
 */
export async function protection(input: ProtectionInput): Promise<never> {
  const wrong = problemsOf(protectionInputShape, input);
  if (wrong !== undefined) {
    const message = `protection takes one JSON object like {"runbook":"shop"}. ${wrong}`;
    throw ApplicationFailure.nonRetryable(message, 'InvalidInput');
  }
  const group = new ProtectedGroup(input);
  group.listen();
  let loaded = await group.begin(input.runbook);
  const replicator = group.replicator;
  while (loaded !== undefined && group.replacedBy === undefined) {
    await replicator.turn(loaded.runbook);
    if (workflowInfo().continueAsNewSuggested) break;
    if (replicator.takeReload()) loaded = (await group.load(input.runbook)) ?? loaded;
  }
  await Promise.all([replicator.end(), group.evidence.end()]);
  await condition(allHandlersFinished);
  const { runbook } = group.replacedBy ?? input;
  return continueAsNew<typeof protection>({ runbook, state: group.known, ...group.evidence.left });
}

/** Pause before it is tried again to read the runbook or to look at the sites. */
const TRY_AGAIN = '5 seconds';

class ProtectedGroup {
  readonly replicator: Replicator;
  readonly evidence: ProtectionEvidence;
  /** Another state took the place of the one that was known: a new workflow begins with it. */
  replacedBy: ReplaceRequest | undefined;
  private state: ProtectionState | undefined;
  private readonly cell: StateCell = { get: () => this.known, change: (state) => this.change(state) };
  /** Why the group cannot be looked after; whoever wants it is told. */
  private trouble: StepError | undefined;

  constructor({ state, evidence }: ProtectionInput) {
    this.state = state;
    this.evidence = new ProtectionEvidence(this.cell, evidence);
    this.replicator = new Replicator(this.cell, this.evidence);
  }

  /** Reads the runbook and finds out how the group stands. Whatever fails, the workflow that holds the lock must not end. */
  async begin(runbook: string): Promise<LoadedRunbook | undefined> {
    while (this.replacedBy === undefined) {
      const loaded = await this.load(runbook);
      if (loaded && (await this.establish(loaded))) {
        this.evidence.begin();
        this.evidence.loaded(loaded);
        return loaded;
      }
      await sleep(TRY_AGAIN);
    }
    return undefined;
  }

  /** The runbook as it is now; undefined when it cannot be used, and then the one before goes on. */
  async load(runbook: string): Promise<LoadedRunbook | undefined> {
    try {
      const loaded = await control.loadRunbook({ runbook });
      this.noteTrouble(undefined);
      this.evidence.loaded(loaded);
      return loaded;
    } catch (error) {
      this.noteTrouble(stepErrorOf(error));
      return undefined;
    }
  }

  private noteTrouble(trouble: StepError | undefined): void {
    this.trouble = trouble;
    if (this.state === undefined) return;
    const { runbookTrouble: _ended, ...rest } = this.state;
    this.change(trouble ? { ...rest, runbookTrouble: trouble.message } : rest);
  }

  /** A state that was given on is kept as it is by now: an operation may have taken the group meanwhile. */
  private async establish({ runbook }: LoadedRunbook): Promise<boolean> {
    try {
      const looked = { phase: 'Protected', activeSite: 'primary' } as const;
      const found = this.state ?? establish(runbook, await observe(runbook, looked));
      this.change(this.state ?? found);
      return true;
    } catch (error) {
      this.trouble = stepErrorOf(error);
      return false;
    }
  }

  get known(): ProtectionState {
    if (this.state === undefined) {
      throw ApplicationFailure.nonRetryable('the state of the group is not established yet', 'WrongState');
    }
    return this.state;
  }

  change(state: ProtectionState): void {
    const before = this.state;
    this.state = state;
    this.evidence.changed(state);
    setCurrentDetails(groupDetails(state, now()));
    if (before?.phase === state.phase && before.activeSite === state.activeSite) return;
    upsertSearchAttributes([
      { key: attributes.group, value: state.group },
      { key: attributes.phase, value: state.phase },
      { key: attributes.activeSite, value: state.activeSite },
    ]);
  }

  listen(): void {
    setHandler(stateQuery, () => this.state ?? null);
    setHandler(acquireUpdate, (request) => this.acquire(request), checked('acquire'));
    setHandler(releaseUpdate, (request) => this.release(request), checked('release'));
    setHandler(commitUpdate, (request) => this.commit(request), checked('commit'));
    setHandler(pauseReplicationUpdate, (request) => this.pauseReplication(request), checked('pauseReplication'));
    setHandler(resumeReplicationUpdate, (request) => this.resumeReplication(request), checked('resumeReplication'));
    setHandler(replaceUpdate, (request) => this.replace(request), checked('replace'));
    setHandler(attestationUpdate, (request) => this.noteDrill(request), checked('attestation'));
  }

  /** Judged and replaced in one go: no operation takes the group in between. */
  private replace(request: ReplaceRequest): string {
    if (this.state !== undefined && sameGroupState(this.state, request.state)) return 'known so already';
    const refusal = this.state && notReplaceable(this.state, request);
    if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.code);
    this.replacedBy = request;
    this.change(request.state);
    this.replicator.cut();
    return 'replaced';
  }

  private async noteDrill({ drill }: NoteDrillRequest): Promise<string> {
    await condition(() => this.state !== undefined);
    this.change(drillNoted(this.known, drill));
    return 'noted';
  }

  private release(request: ReleaseRequest): string {
    this.evidence.released(request);
    if (this.known.drill?.runId === request.holder.runId) {
      this.change(drillEnded(this.known, request));
      return 'released';
    }
    if (this.known.holder?.runId !== request.holder.runId) return 'not the holder: nothing to release';
    this.change(released(this.known, request));
    return 'released';
  }

  private async pauseReplication({ runId }: ReplicationUpdate): Promise<string> {
    this.assertHolder(runId);
    await this.replicator.pause();
    return 'paused';
  }

  private resumeReplication({ runId, direction = this.known.replication.direction }: ReplicationUpdate): string {
    this.assertHolder(runId);
    this.change({ ...this.known, replication: { ...this.known.replication, direction, paused: false } });
    this.replicator.wake();
    return 'resumed';
  }

  private async acquire(request: AcquireUpdate): Promise<Acquired> {
    await condition(() => this.state !== undefined || this.trouble !== undefined);
    if (this.state === undefined && this.trouble) {
      throw ApplicationFailure.nonRetryable(this.trouble.message, this.trouble.code);
    }
    return takeGroup(this.cell, request);
  }

  private commit(request: CommitUpdate): string {
    this.assertHolder(request.runId);
    const { epoch, activeSite, replication } = this.known;
    const done =
      epoch === request.epoch && activeSite === request.activeSite && replication.direction === request.direction;
    if (done) return 'committed already';
    this.change(committed(this.known, request));
    this.replicator.wake();
    return 'committed';
  }

  private assertHolder(runId: string): void {
    const { holder, group } = this.known;
    if (holder?.runId === runId) return;
    throw ApplicationFailure.nonRetryable(
      `run ${runId} does not hold group "${group}"${holder ? `; ${holder.workflowId} does` : ''}`,
      'GroupBusy',
    );
  }
}
