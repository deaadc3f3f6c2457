import { stepTime } from '../temporal/operations';
import type { Session } from '../temporal/session';
import { error, ok, warning, type Finding } from './check';

/** A long poll lasts a minute; who has not been back since then is gone, though the server lists it for some minutes more. */
const POLL_LASTS_MS = 75_000;

const TASK_QUEUE_TYPES = { workflow: 1, activity: 2 } as const;

/** A step that does nothing takes longer than this only when the server holds it up. */
const SLOW_STEP_MS = 50;
const STEPS = 20;

export async function workerPolls(
  { connection, settings }: Session,
  queue: string,
  kinds: readonly (keyof typeof TASK_QUEUE_TYPES)[],
): Promise<Finding> {
  const polling: string[] = [];
  for (const kind of kinds) {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: settings.namespace,
      taskQueue: { name: queue },
      taskQueueType: TASK_QUEUE_TYPES[kind],
    });
    const alive = (pollers ?? []).filter(({ lastAccessTime }) => isRecent(Number(lastAccessTime?.seconds ?? 0)));
    if (alive.length === 0) {
      return error(`nobody takes ${kind} tasks from "${queue}"`, 'Start a worker that serves it: switchback worker');
    }
    polling.push(...alive.map(({ identity }) => identity ?? 'unnamed'));
  }
  return ok(`"${queue}" is served by ${[...new Set(polling)].join(', ')}`);
}

const isRecent = (seconds: number): boolean => Date.now() - seconds * 1000 < POLL_LASTS_MS;

/** The dev server's default poll rate alone costs 100 ms a step. */
export async function pollRate(session: Session): Promise<Finding> {
  const { medianMs, maxMs } = await stepTime(session, STEPS);
  const saw = `a step that does nothing takes ${medianMs.toFixed(1)} ms in the median, ${maxMs.toFixed(1)} ms at most`;
  if (medianMs <= SLOW_STEP_MS) return ok(saw);
  return warning(
    saw,
    'Raise the poll rate of the server by two dynamic configuration values: ' +
      'history.transferProcessorMaxPollRPS=2000 and history.timerProcessorMaxPollRPS=2000 ' +
      '(temporal server start-dev: --dynamic-config-value for each).',
  );
}
