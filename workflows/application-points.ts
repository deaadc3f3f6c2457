import {
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReplicatePass } from '../activities/replicate-contract';
import type { PointActivities, Quiesced } from '../activities/point-contract';
import { siteTaskQueue } from '../core/model/names';
import type { ApplicationPointsState } from '../core/model/protection';
import type { Runbook } from '../core/model/runbook';
import { peerRole, type SiteRole } from '../core/model/site';
import type { ApplicationPointsPolicy, PointSet } from '../core/model/volume';
import { now, stepErrorOf } from './run-record';
import type { ProtectionEvidence } from './protection-evidence';
import type { StateCell } from './state-cell';

/** How long is waited for a worker of the site. Without one the application is left to the process that holds it. */
const WORKER_WITHIN = '10 seconds';
/** What a program is given to end before it is killed, and a worker to say so. */
const KILL_SECONDS = 15;
/** A program that resumes may take 60 s. */
const RESUME_WITHIN = 75_000;
const CAPTURE_WITHIN = 3_600_000;

/** After these, nothing of the application was touched. */
const untouched: readonly string[] = ['NoWorker', 'CommandNotAllowed'];

/**
 * Recovery points for which the application keeps still: quiesce → one pass of replication → resume → a point of every volume of
 * exactly that pass. The points are taken after the resume because the replica stands still until the next pass anyway. That the
 * application may be quiesced is in the state before anything is done, and leaves it only with a resume that succeeded.
 */
export class ApplicationPoints {
  private resuming: Promise<void> | undefined;

  constructor(
    private readonly cell: StateCell,
    private readonly evidence: Pick<ProtectionEvidence, 'taken'>,
  ) {}

  /** By the time of the last pass, and not by the clock: a task that is tried again has another one (docs/adr/0019). */
  due(runbook: Runbook): boolean {
    const { applicationPoints: policy, failbackPolicy } = runbook;
    const { direction, lastError, paused, application, lastPassAt } = this.cell.get().replication;
    if (policy === undefined || direction === 'none' || paused || lastError !== undefined) return false;
    if (application?.quiesced !== undefined) return false;
    const reverse = direction === 'recovery-to-primary';
    const every = reverse ? failbackPolicy.applicationPointEverySeconds : policy.everySeconds;
    if (application === undefined) return true;
    return lastPassAt !== undefined && Date.parse(lastPassAt) - Date.parse(application.triedAt) >= every * 1000;
  }

  /**
   * Never throws but when it was cancelled: what went wrong is in the state.
   *
   * @param pass runs one pass of replication, and takes no points.
   */
  async take(runbook: Runbook, pass: () => Promise<ReplicatePass>): Promise<void> {
    const { applicationPoints: policy } = runbook;
    if (policy === undefined) return;
    const { activeSite: site, replication } = this.cell.get();
    const set = `app-${now().replace(/[-:]/g, '')}`;
    const { lastError: _before, ...known } = replication.application ?? {};
    this.replace({
      ...known,
      triedAt: replication.lastPassAt ?? now(),
      quiesced: { set, site, since: now(), resume: policy.resume },
    });
    try {
      await this.capture(runbook, await this.whileStill(runbook, { policy, set, pass }));
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.change((state) => ({ ...state, lastError: stepErrorOf(error).message }));
    }
  }

  /** Of an application that could not be resumed so far; holds up nothing else. */
  resumeLeft(runbook: Runbook): void {
    if (this.cell.get().replication.application?.quiesced !== undefined) void this.resume(runbook);
  }

  private async whileStill(runbook: Runbook, { policy, set, pass }: Asked): Promise<StillPass> {
    const end = Date.now() + policy.timeoutSeconds * 1000;
    const { quiescedAt } = await this.quiesce(runbook, policy, set);
    const running = pass();
    let inTime = false;
    try {
      inTime = await endsBefore(end, running);
    } finally {
      await this.resumeSoon(runbook);
    }
    const { asOf } = await running;
    if (inTime) return { set: { id: set, quiescedAt }, asOf };
    const message = `the pass of replication was not complete within ${policy.timeoutSeconds} s of quiescing: the application was resumed, and no point taken`;
    throw ApplicationFailure.nonRetryable(message, 'QuiesceFailed');
  }

  private async quiesce(runbook: Runbook, policy: ApplicationPointsPolicy, set: string): Promise<Quiesced> {
    const { activeSite } = this.cell.get();
    const asked = { ...this.about(runbook, activeSite), set, policy };
    try {
      const within = (policy.timeoutSeconds + KILL_SECONDS) * 1000;
      const quiesced = await this.at(runbook, activeSite, within).quiesceApplication(asked);
      this.change(({ quiesced: held, ...rest }) => ({
        ...rest,
        ...(held && { quiesced: { ...held, since: quiesced.begunAt } }),
      }));
      return quiesced;
    } catch (error) {
      if (untouched.includes(stepErrorOf(error).code)) this.change(({ quiesced: _none, ...rest }) => rest);
      else await this.resumeSoon(runbook);
      throw error;
    }
  }

  /** Waits for a while only: an operation that comes to a site that is gone must not wait for it. */
  private async resumeSoon(runbook: Runbook): Promise<void> {
    void this.resume(runbook);
    await CancellationScope.nonCancellable(() => condition(() => this.resuming === undefined, WORKER_WITHIN));
  }

  private resume(runbook: Runbook): Promise<void> {
    this.resuming ??= CancellationScope.nonCancellable(() => this.tryResume(runbook)).finally(() => {
      this.resuming = undefined;
    });
    return this.resuming;
  }

  private async tryResume(runbook: Runbook): Promise<void> {
    const held = this.cell.get().replication.application?.quiesced;
    if (held === undefined) return;
    const { set, resume, site, since } = held;
    const asked = { ...this.about(runbook, site), set, resume };
    try {
      const { resumedAt } = await this.at(runbook, site, RESUME_WITHIN).resumeApplication(asked);
      const stillSeconds = Math.max(0, (Date.parse(resumedAt) - Date.parse(since)) / 1000);
      this.change(({ quiesced: _over, ...rest }) => ({ ...rest, stillSeconds }));
    } catch (error) {
      const { message: lastError } = stepErrorOf(error);
      this.change((state) => ({ ...state, ...(state.quiesced && { quiesced: { ...state.quiesced, lastError } }) }));
    }
  }

  private async capture(runbook: Runbook, { set, asOf }: StillPass): Promise<void> {
    const { activeSite, replication } = this.cell.get();
    const standby = peerRole(activeSite);
    const reverse = replication.direction === 'recovery-to-primary';
    const { points } = await this.at(runbook, standby, CAPTURE_WITHIN).captureSet({
      ...this.about(runbook, standby),
      operationKey: `${workflowInfo().runId}/${set.id}`,
      volumes: runbook.volumes,
      set,
      asOf,
      retention: (reverse ? runbook.failbackPolicy : runbook.replication).retention,
    });
    this.evidence.taken(points);
    this.change((state) => ({ ...state, last: set }));
  }

  private about(runbook: Runbook, role: SiteRole) {
    const { group, epoch } = this.cell.get();
    return { group, epoch, site: runbook.sites[role], heartbeatSeconds: runbook.execution.heartbeatSeconds };
  }

  private at(runbook: Runbook, role: SiteRole, startToCloseTimeout: number) {
    return proxyActivities<PointActivities>({
      taskQueue: siteTaskQueue(runbook.sites[role].name),
      startToCloseTimeout,
      scheduleToStartTimeout: WORKER_WITHIN,
      heartbeatTimeout: runbook.execution.heartbeatSeconds * 1000,
      retry: { maximumAttempts: 1 },
    });
  }

  private replace(application: ApplicationPointsState): void {
    const state = this.cell.get();
    this.cell.change({ ...state, replication: { ...state.replication, application } });
  }

  /** Nothing of a direction that has ended meanwhile. */
  private change(next: (state: ApplicationPointsState) => ApplicationPointsState): void {
    const { application } = this.cell.get().replication;
    if (application !== undefined) this.replace(next(application));
  }
}

interface Asked {
  readonly policy: ApplicationPointsPolicy;
  readonly set: string;
  readonly pass: () => Promise<ReplicatePass>;
}

/** A pass that ran while the application kept still. */
interface StillPass {
  readonly set: PointSet;
  readonly asOf: ReplicatePass['asOf'];
}

/** Whether it has ended, well or not, before the instant. */
async function endsBefore(end: number, running: Promise<unknown>): Promise<boolean> {
  let ended = false;
  const note = (): void => void (ended = true);
  void running.then(note, note);
  await condition(() => ended, Math.max(1, end - Date.now()));
  return ended && Date.now() < end;
}
