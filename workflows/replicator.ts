import {
  CancellationScope,
  condition,
  isCancellation,
  patched,
  proxyActivities,
  sleep,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { SiteActivities } from '../activities/contract';
import type { ReplicatePass } from '../activities/replicate-contract';
import { siteTaskQueue } from '../core/model/names';
import type { ReplicationPolicy } from '../core/model/volume';
import type { Runbook } from '../core/model/runbook';
import { peerRole } from '../core/model/site';
import { lagNoted } from '../core/running/drill-rules';
import { lagSeconds } from '../core/running/protection-rules';
import { ApplicationPoints } from './application-points';
import { fenceStandby } from './fence-standby';
import { InstanceRecorder } from './instance-recorder';
import { ReadinessKeeper } from './readiness-keeper';
import { now, stepErrorOf } from './run-record';
import { Stager } from './stager';
import type { ProtectionEvidence } from './protection-evidence';
import type { StateCell } from './state-cell';

/** How long a runbook is used before it is read again, in milliseconds. */
const RELOAD_MS = 10_000;
/** Histories of before asked the clock whether a turn rests, and whether the runbook is read again. */
const WITHOUT_CLOCK = 'turns-without-clock';
/** Histories of before lost a wake that came during a turn, and rested after a failed pass as after another. */
const FAILED_PASS_AGAIN = 'failed-pass-again';
/** From the first of several failed passes to the next, in milliseconds; twice as long each time, and never longer than usual. */
const FIRST_PAUSE_MS = 5_000;

/** Keeps the standby up to date, one pass a turn, and shuts out a standby that could not be fenced when it was lost. */
export class Replicator {
  private pass: CancellationScope | undefined;
  private woken = false;
  private ending = false;
  private readAt = Date.now();
  private reload: 'none' | 'waiting' | 'due' = 'none';
  /** Passes that failed since the last good one. */
  private failures = 0;
  private readonly application: ApplicationPoints;
  private readonly stager: Stager;
  private readonly instances: InstanceRecorder;
  private readonly readiness: ReadinessKeeper;

  constructor(
    private readonly cell: StateCell,
    private readonly evidence: Pick<ProtectionEvidence, 'taken'>,
  ) {
    this.application = new ApplicationPoints(cell, evidence);
    this.stager = new Stager(cell);
    this.instances = new InstanceRecorder(cell);
    this.readiness = new ReadinessKeeper(cell);
  }

  /**
   * True once in a while: the runbook should be read again. A timer says so, and no clock is asked: a workflow task that is tried
   * again has another time, which a query between the tries may already have been answered with (docs/adr/0019).
   */
  takeReload(): boolean {
    if (patched(WITHOUT_CLOCK)) {
      if (this.reload !== 'due') return false;
      this.reload = 'none';
      return true;
    }
    if (Date.now() - this.readAt < RELOAD_MS) return false;
    this.readAt = Date.now();
    return true;
  }

  wake(): void {
    this.woken = true;
  }

  /** Ends the turn that runs as soon as it can. */
  cut(): void {
    this.ending = this.woken = true;
    this.pass?.cancel();
  }

  private async waitForReload(): Promise<void> {
    this.reload = 'waiting';
    await sleep(RELOAD_MS);
    this.reload = 'due';
  }

  /** Ends the running pass, if any, and lets no further one begin. */
  async pause(): Promise<void> {
    const state = this.cell.get();
    this.cell.change({ ...state, replication: { ...state.replication, paused: true } });
    this.pass?.cancel();
    await condition(() => this.pass === undefined);
  }

  /** Before the workflow continues as new. */
  async end(): Promise<void> {
    await Promise.all([this.stager.end(), this.instances.end(), this.readiness.end()]);
  }

  /** One turn: a pass when one is wanted, then the wait until the next. */
  async turn(runbook: Runbook): Promise<void> {
    // Another Temporal looks after the group: whoever takes it back replaces what this one knows.
    if (this.cell.get().moved) return void (await condition(() => this.ending, '1 day'));
    const begun = Date.now();
    const failedAgain = patched(FAILED_PASS_AGAIN);
    if (failedAgain) this.woken = false;
    this.stager.keep(runbook);
    this.instances.keep(runbook);
    this.readiness.keep(runbook);
    if (this.reload === 'none' && patched(WITHOUT_CLOCK)) void this.waitForReload();
    const { replication, fencing, activeSite } = this.cell.get();
    const standby = peerRole(activeSite);
    if (fencing[standby] === 'unconfirmed' || fencing[standby] === 'declared-lost')
      await fenceStandby(this.cell, runbook);
    const policy = replication.direction === 'recovery-to-primary' ? runbook.failbackPolicy : runbook.replication;
    this.application.resumeLeft(runbook);
    if (replication.direction !== 'none' && !replication.paused) await this.replicate(runbook, policy);
    else this.failures = 0;
    if (this.application.due(runbook)) {
      await this.whilePass(() => this.application.take(runbook, () => this.passAlone(runbook, policy)));
    }
    this.noteBreach(runbook);
    if (!failedAgain) this.woken = false;
    const usual = policy.everySeconds * 1000;
    const pause = failedAgain && this.failures > 0 ? FIRST_PAUSE_MS * 2 ** (this.failures - 1) : usual;
    const rest = Math.min(usual, pause) - (Date.now() - begun);
    if (patched(WITHOUT_CLOCK)) await condition(() => this.woken, Math.max(1, rest));
    else if (rest > 0) await condition(() => this.woken, rest);
  }

  private replicate(runbook: Runbook, policy: ReplicationPolicy): Promise<void> {
    return this.whilePass(async () => this.succeeded(await this.replicateOnce(runbook, policy)));
  }

  /** Of work that `pause` ends. */
  private async whilePass(work: () => Promise<void>): Promise<void> {
    if (this.ending) return;
    const scope = new CancellationScope();
    this.pass = scope;
    try {
      await scope.run(work);
    } catch (error) {
      const ended = isCancellation(error) && (this.ending || this.cell.get().replication.paused);
      if (!ended) this.failed(stepErrorOf(error).message);
    } finally {
      this.pass = undefined;
    }
  }

  /** A pass that takes no point. */
  private async passAlone(runbook: Runbook, policy: ReplicationPolicy): Promise<ReplicatePass> {
    const pass = await this.replicateOnce(runbook, policy, false);
    this.succeeded(pass);
    return pass;
  }

  private replicateOnce(
    runbook: Runbook,
    policy: ReplicationPolicy,
    capture = this.pointDue(this.cell.get().replication.lastPointAt, policy),
  ): Promise<ReplicatePass> {
    const { activeSite, epoch, group } = this.cell.get();
    const target = peerRole(activeSite);
    const site = proxyActivities<SiteActivities>({
      taskQueue: siteTaskQueue(runbook.sites[target].name),
      startToCloseTimeout: '1 day',
      scheduleToStartTimeout: '30 seconds',
      heartbeatTimeout: runbook.execution.heartbeatSeconds * 1000,
      retry: { maximumAttempts: 1 },
    });
    return site.replicate({
      group,
      operationKey: `${workflowInfo().runId}/replicate/${uuid4()}`,
      epoch,
      sites: runbook.sites,
      source: activeSite,
      target,
      volumes: runbook.volumes,
      capture,
      retention: policy.retention,
      heartbeatSeconds: runbook.execution.heartbeatSeconds,
    });
  }

  private pointDue(lastPointAt: string | undefined, policy: ReplicationPolicy): boolean {
    if (lastPointAt === undefined) return true;
    return Date.now() - Date.parse(lastPointAt) >= policy.pointEverySeconds * 1000;
  }

  private succeeded(pass: ReplicatePass): void {
    const state = lagNoted(this.cell.get(), now());
    const { lastError: _mended, ...replication } = state.replication;
    this.failures = 0;
    this.evidence.taken(pass.points);
    this.cell.change({
      ...state,
      replication: {
        ...replication,
        asOf: pass.asOf,
        lastPassAt: pass.finishedAt,
        ...(pass.points.length > 0 && { lastPointAt: pass.finishedAt }),
      },
    });
  }

  private failed(lastError: string): void {
    this.failures += 1;
    const state = this.cell.get();
    this.cell.change({ ...state, replication: { ...state.replication, lastError } });
  }

  /** Raises a breach of the recovery point objective, and clears it. */
  private noteBreach(runbook: Runbook): void {
    const known = lagNoted(this.cell.get(), now());
    if (known !== this.cell.get()) this.cell.change(known);
    const reverse = known.replication.direction === 'recovery-to-primary';
    const objective = reverse ? runbook.failbackPolicy.rpoSeconds : runbook.objectives.rpoSeconds;
    const state = { ...known, replication: { ...known.replication, rpoSeconds: objective } };
    if (known.replication.rpoSeconds !== objective) this.cell.change(state);
    const names = runbook.volumes.map((volume) => volume.name);
    const lag = state.replication.direction === 'none' ? undefined : lagSeconds(state, names, now());
    if (lag !== undefined && lag > objective) {
      this.cell.change({ ...state, breach: { since: state.breach?.since ?? now(), lagSeconds: lag } });
    } else if (state.breach && (lag !== undefined || state.replication.direction === 'none')) {
      const { breach: _cleared, ...rest } = state;
      this.cell.change(rest);
    }
  }
}
