import { setTimeout as sleep } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import type { RecoveryPlan } from '../../core/model/plan';
import type { RunEvent, RunStatus } from '../../core/model/run';
import { exitCodeOf } from '../../core/model/verdict';
import type { RunResult } from '../temporal/operations';
import type { RunReader } from '../temporal/run-reader';
import type { RunSnapshot } from '../views/run-snapshot';
import { INTERRUPTED } from './interrupt';

/** What is done with a run while it is followed. */
export interface RunSink {
  readonly intervalMs: number;
  /** Whether the events are asked for; they are the larger part of what a run can tell. */
  readonly wantsEvents: boolean;
  /** Called again and again; `events` are those that were not seen before. */
  show(snapshot: RunSnapshot, events: readonly RunEvent[]): void;
  /** The run could not be asked at all so far. */
  trouble(message: string): void;
  finished(result: RunResult): void;
  /** The person left; the run goes on. */
  left(workflowId: string): void;
}

interface Known {
  status?: RunStatus;
  plan: RecoveryPlan | null;
  seen: number;
  runId?: string;
}

/**
 * Follows a run until it has ended, in whatever way, and gives the exit code of its verdict. A server or worker that is away
 * for a while is waited for. Throws what a run without a verdict failed with.
 */
export async function followRun(reader: RunReader, sink: RunSink, signal: AbortSignal): Promise<number> {
  const known: Known = { plan: null, seen: 0 };
  for (;;) {
    const closed = await look(reader, sink, known);
    if (closed) break;
    if (signal.aborted || !(await pause(sink.intervalMs, signal))) {
      sink.left(reader.workflowId);
      return INTERRUPTED;
    }
  }
  const result = await reader.result<RunResult>(RESULT_TIMEOUT_MS);
  sink.finished(result);
  return exitCodeOf(result.verdict);
}

const RESULT_TIMEOUT_MS = 15_000;

/** One look at the run; true when it has ended. Throws only when there is no such run. */
async function look(reader: RunReader, sink: RunSink, known: Known): Promise<boolean> {
  const now = new Date().toISOString();
  let closed = false;
  try {
    const { status, running, runId } = await reader.execution(known.status?.children);
    closed = status !== 'RUNNING';
    // It went on as another run of the same id, with a plan of its own.
    if (known.runId !== undefined && known.runId !== runId) Object.assign(known, { plan: null, seen: 0 });
    known.runId = runId;
    known.status = await reader.status();
    known.plan ??= await reader.plan();
    const events = sink.wantsEvents ? (await reader.timeline()).slice(known.seen) : [];
    known.seen += events.length;
    sink.show({ status: known.status, plan: known.plan, progress: running, now }, events);
  } catch (error) {
    report(error, { sink, known, now });
  }
  return closed;
}

function report(error: unknown, { sink, known, now }: { sink: RunSink; known: Known; now: string }): void {
  if (!(error instanceof SwitchbackFailure) || error.code === 'RunNotFound') throw error;
  const trouble = error.message;
  if (known.status) sink.show({ status: known.status, plan: known.plan, progress: new Map(), now, trouble }, []);
  else sink.trouble(trouble);
}

/** False when the person left in the meantime. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<boolean> =>
  sleep(milliseconds, undefined, { signal }).then(
    () => true,
    () => false,
  );
