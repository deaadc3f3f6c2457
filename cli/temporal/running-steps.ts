import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { RunningStep, StepProgress } from '../views/run-snapshot';

type Description = WorkflowExecutionDescription['raw'];
type PendingActivity = NonNullable<Description['pendingActivities']>[number];

/** Activities that the server knows as pending, by their id (the step id), with what they last said of themselves. */
export const runningSteps = ({ pendingActivities }: Description): ReadonlyMap<string, RunningStep> =>
  new Map(
    (pendingActivities ?? []).flatMap((activity) => (activity.activityId ? [[activity.activityId, of(activity)]] : [])),
  );

function of({ attempt, heartbeatDetails, lastFailure }: PendingActivity): RunningStep {
  const progress = progressIn(heartbeatDetails?.payloads?.[0]?.data);
  return {
    attempt: attempt ?? 1,
    ...(progress && { progress }),
    ...(lastFailure?.message && { lastFailure: lastFailure.message }),
  };
}

/** The heartbeat as progress; undefined when it is anything else, such as the encrypted payload of a codec. */
function progressIn(data: Uint8Array | null | undefined): StepProgress | undefined {
  if (!data) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(data));
    return isProgress(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isProgress = (value: unknown): value is StepProgress =>
  typeof value === 'object' && value !== null && typeof (value as Partial<StepProgress>).doing === 'string';
