import type { ScheduleDescription } from '@temporalio/client';
import { SwitchbackFailure } from '../../core/model/failure';
import type { Session } from '../temporal/session';
import type { StartedRun } from '../temporal/operations';
import type { ScheduleName } from '../../temporal/schedule-name';
import { describeSchedule, handleOf } from './schedule-store';

/** A run that a schedule has started. */
export interface ScheduledRun {
  readonly workflowId: string;
  /** ISO instant. */
  readonly startedAt: string;
  /** The verdict; else how the workflow stands: "running", "failed", "terminated", "gone" from Temporal. */
  readonly ended: string;
  readonly because?: string;
}

/** A schedule as `schedule list` shows it. */
export interface ScheduleState extends ScheduleName {
  readonly id: string;
  readonly timeZone: string;
  readonly repeat?: string;
  /** Why, when it is paused. */
  readonly paused?: string;
  /** ISO instants; empty while it is paused. */
  readonly next: readonly string[];
  /** The newest first. */
  readonly runs: readonly ScheduledRun[];
  /** Starts left out: because the run before still ran, and because Temporal was down for too long. */
  readonly leftOut: { readonly overlap: number; readonly missed: number };
}

const MOST_NEXT = 3;
const MOST_RUNS = 3;

/** Undefined when it is gone. */
export async function scheduleState(session: Session, name: ScheduleName): Promise<ScheduleState | undefined> {
  const description = await describeSchedule(session, name);
  if (description === undefined) return undefined;
  const { scheduleId, spec, state, info } = description;
  const recent = info.recentActions.slice(-MOST_RUNS).reverse();
  const runs = await Promise.all(recent.map(({ action, takenAt }) => runOf(session, action.workflow, takenAt)));
  const repeat = spec.calendars?.[0]?.comment;
  return {
    ...name,
    id: scheduleId,
    timeZone: spec.timezone || 'UTC',
    ...(repeat !== undefined && { repeat }),
    ...(state.paused && { paused: state.note ?? '' }),
    next: state.paused ? [] : info.nextActionTimes.slice(0, MOST_NEXT).map((time) => time.toISOString()),
    runs,
    leftOut: { overlap: info.numActionsSkippedOverlap, missed: info.numActionsMissedCatchupWindow },
  };
}

interface StartedWorkflow {
  readonly workflowId: string;
  readonly firstExecutionRunId: string;
}

async function runOf(session: Session, workflow: StartedWorkflow, takenAt: Date): Promise<ScheduledRun> {
  const { workflowId, firstExecutionRunId } = workflow;
  const run = { workflowId, startedAt: takenAt.toISOString() };
  try {
    const { status, memo } = await session.call(`run ${workflowId}`, () =>
      session.client.workflow.getHandle(workflowId, firstExecutionRunId).describe(),
    );
    const { verdict, because } = (memo ?? {}) as { readonly verdict?: string; readonly because?: string };
    return { ...run, ended: verdict ?? status.name.toLowerCase(), ...(because !== undefined && { because }) };
  } catch (error) {
    if (error instanceof SwitchbackFailure && error.code === 'RunNotFound') return { ...run, ended: 'gone' };
    throw error;
  }
}

const LOOK_AGAIN_MS = 100;
const STARTED_WITHIN_MS = 20_000;

/**
 * Starts a run now, as if it were due, and waits until Temporal has started it. @throws GroupBusy when the run before still
 * runs, NoWorker when nothing is heard of it.
 */
export async function triggerSchedule(session: Session, name: ScheduleName): Promise<StartedRun> {
  const handle = handleOf(session, name);
  const look = (): Promise<ScheduleDescription> =>
    session.call(`schedule ${handle.scheduleId}`, () => handle.describe());
  const before = await look();
  await session.call(`schedule ${handle.scheduleId}`, () => handle.trigger('SKIP'));
  for (const end = Date.now() + STARTED_WITHIN_MS; Date.now() < end;) {
    const { info } = await look();
    const started = info.recentActions.at(-1)?.action.workflow;
    if (info.numActionsTaken > before.info.numActionsTaken && started !== undefined) {
      return { workflowId: started.workflowId, runId: started.firstExecutionRunId };
    }
    if (info.numActionsSkippedOverlap > before.info.numActionsSkippedOverlap) {
      const running = info.runningActions.map(({ workflow }) => workflow.workflowId).join(', ');
      throw new SwitchbackFailure(
        'GroupBusy',
        `the run before still runs${running && `: ${running}`}; nothing was started`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  throw new SwitchbackFailure(
    'TemporalUnavailable',
    `Temporal has not started it within ${STARTED_WITHIN_MS / 1000} s; look with \`switchback schedule list\``,
  );
}
