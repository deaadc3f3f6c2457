import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { newRunId } from '../../cli/run-id';
import { startOperation, type RunResult } from '../../cli/temporal/operations';
import { RunReader } from '../../cli/temporal/run-reader';
import { formatSeconds } from '../../cli/terminal/format';
import { span, type Line } from '../../cli/terminal/line';
import { verdictFormats } from '../../cli/views/run-view';
import { followRun } from '../../cli/watch/follow-run';
import { SwitchbackFailure } from '../../core/model/failure';
import type { Operation } from '../../core/model/operation';
import type { Report } from '../../core/report/report';
import type { OperationInput } from '../../workflows/messages';
import { longestInterruption } from '../shop/acknowledgement';
import { Answers, type Person } from './answers';
import { runSink } from './run-sink';
import type { Stage } from './stage';

/** Customers go on asking the old address for as long as they may: the TTL of the record. */
const servedWithinMs = 30_000;

/** One operation of the demo, before it is started. */
export interface WantedOperation {
  readonly operation: Operation;
  /** "planned failover" */
  readonly title: string;
  readonly input: Partial<OperationInput>;
  /** Who answers at its gates. */
  readonly people?: readonly Person[];
  /** How it is meant to end; default: completed. */
  readonly endsWith?: RunResult['verdict'];
  /** When the customers began to be affected, should that be before its start; milliseconds since 1970. */
  readonly affectedFrom?: number;
}

/** How it went. */
export interface DoneOperation {
  readonly title: string;
  readonly operation: Operation;
  readonly verdict: RunResult['verdict'];
  /** Whether it ended as it was meant to. */
  readonly asMeant: boolean;
  readonly because: string;
  readonly reportFiles: readonly string[];
  readonly report: Report;
  /** The longest that customers waited for an acknowledgement meanwhile; absent when there were none. */
  readonly interruptionSeconds?: number;
}

/**
 * Starts an operation as a person would, shows it, answers at its gates, and reads its report.
 *
 * @throws SwitchbackFailure of the run, when it ended without a verdict or waits for a decision about a failed step.
 */
export async function perform(stage: Stage, wanted: WantedOperation): Promise<DoneOperation> {
  const { session, screen, signal } = stage;
  const { operation, title, input } = wanted;
  const from = wanted.affectedFrom ?? Date.now();
  const workflowId = newRunId(operation, input.runbook ?? '', new Date());
  await startOperation(session, { operation, workflowId, input: { requestedBy: 'ops@example.com', ...input } });
  screen.say([span('▶ ', 'cyan'), span(title, 'bold'), span(`  ${workflowId}`, 'dim')]);
  const answers = new Answers({ session, screen, workflowId, people: wanted.people ?? [] });
  const sink = runSink(stage, { title, answers });
  await followRun(new RunReader(session, workflowId), sink, AbortSignal.any([signal, answers.signal]));
  screen.show(() => [stage.customersLine()]);
  answers.signal.throwIfAborted();
  signal.throwIfAborted();
  const result = sink.result();
  const to = await servedAgain(stage, Date.now());
  const gap = longestInterruption(stage.acknowledgements, { from, to });
  const done: DoneOperation = {
    ...{ title, operation, ...result, asMeant: result.verdict === (wanted.endsWith ?? 'completed') },
    report: await readReport(result.reportFiles),
    ...(gap && { interruptionSeconds: gap.milliseconds / 1000 }),
  };
  screen.say(outcomeLine(done));
  return done;
}

function outcomeLine({ verdict, because, report, interruptionSeconds = 0 }: DoneOperation): Line {
  const why = verdict === 'completed' ? '' : `: ${because}`;
  const took = `, ${formatSeconds(report.time.totalSeconds)}`;
  const waited = `; customers waited for ${interruptionSeconds.toFixed(2)} s at most`;
  return [span('  '), span(verdict, verdictFormats[verdict]), span(`${why}${took}${waited}`)];
}

/** When a customer was acknowledged after that instant: before, the interruption is not over. */
async function servedAgain({ acknowledgements, signal }: Stage, after: number): Promise<number> {
  const deadline = after + servedWithinMs;
  for (;;) {
    const last = acknowledgements.at(-1)?.ackedAt ?? 0;
    if (last > after) return last;
    if (Date.now() > deadline) {
      throw new SwitchbackFailure(
        'StepFailed',
        `no order was acknowledged within ${servedWithinMs / 1000} s after the run`,
      );
    }
    await sleep(20, undefined, { signal });
  }
}

async function readReport(files: readonly string[]): Promise<Report> {
  const file = files.find((name) => name.endsWith('.json'));
  if (file === undefined) throw new SwitchbackFailure('StepFailed', 'the run wrote no report');
  return JSON.parse(await readFile(file, 'utf8')) as Report;
}
