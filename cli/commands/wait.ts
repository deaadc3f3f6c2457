import { InvalidArgumentError, Option, type Command } from 'commander';
import { askedOfPeople } from '../../core/model/run';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import {
  parseDuration,
  withConnection,
  withExample,
  withJson,
  type ConnectionOptions,
  type JsonOption,
} from '../options';
import { resolveRun } from '../temporal/resolve-run';
import { RunReader } from '../temporal/run-reader';
import { withSession } from '../temporal/session';
import { printJson } from '../terminal/print';
import { safeText } from '../terminal/safe-text';
import type { RunSnapshot } from '../views/run-snapshot';
import { followRun, type RunSink } from '../watch/follow-run';
import { interruptible } from '../watch/interrupt';

/** A gate by its name, any gate, a failed step that asks, or the end. */
type Awaited =
  { readonly kind: 'gate'; readonly name?: string } | { readonly kind: 'question' } | { readonly kind: 'verdict' };

interface WaitOptions extends JsonOption, ConnectionOptions {
  readonly for: Awaited;
  readonly timeout?: number;
}

export function declareWait(program: Command, context: CliContext): void {
  const command = program
    .command('wait')
    .description('wait until a run comes to a gate, asks something or has ended; for scripts')
    .argument('<run>', 'id of the run, or name of a group: its running or else newest run')
    .addOption(
      new Option('--for <what>', 'gate=NAME, gate (any), question (anything that a person must answer), or verdict')
        .argParser(parseAwaited)
        .default({ kind: 'verdict' } satisfies Awaited, 'verdict'),
    )
    .option('--timeout <duration>', 'give up after this long, with exit code 8 (default: never)', parseDuration)
    .action(exitingWith(context, (run: string, options: WaitOptions) => wait(context, run, options)));
  withExample(
    withConnection(withJson(command)),
    'switchback wait shop --for gate=cutover --timeout 30m',
    'switchback wait failback/shop/20261205-220000',
  );
}

function parseAwaited(text: string): Awaited {
  const [kind = '', name] = text.split('=', 2);
  if (kind === 'gate') return name ? { kind, name } : { kind };
  if ((kind === 'question' || kind === 'verdict') && name === undefined) return { kind };
  throw new InvalidArgumentError('Write gate=NAME, gate, question or verdict.');
}

const wait = ({ terminal }: CliContext, run: string, options: WaitOptions): Promise<number> =>
  withSession(options, terminal.env, async (session) => {
    const reader = new RunReader(session, await resolveRun(session, run));
    const enough = new AbortController();
    const outcome = { reached: undefined as string | undefined, timedOut: false };
    const sink = waitingSink(options.for, {
      reached: (name) => ((outcome.reached = name), enough.abort()),
      note: (text) => terminal.note(text),
      ended: (verdict, because) => {
        if (options.json) printJson(terminal, { workflowId: reader.workflowId, verdict, because });
        else terminal.out(`${verdict}: ${safeText(because)}`);
      },
    });
    const timer =
      options.timeout === undefined
        ? undefined
        : setTimeout(() => ((outcome.timedOut = true), enough.abort()), options.timeout * 1000);
    try {
      const code = await interruptible((signal) => followRun(reader, sink, AbortSignal.any([signal, enough.signal])));
      if (outcome.reached !== undefined) {
        if (options.json) printJson(terminal, { workflowId: reader.workflowId, waitsFor: outcome.reached });
        else terminal.out(`${reader.workflowId} waits for ${safeText(outcome.reached)}`);
        return exitCodes.done;
      }
      if (outcome.timedOut) {
        terminal.note('Timed out. The run goes on.');
        return exitCodes.timedOut;
      }
      // What was waited for can come no more, however good the end was.
      return options.for.kind === 'verdict' || code !== exitCodes.done ? code : exitCodes.refused;
    } finally {
      clearTimeout(timer);
    }
  });

function waitingSink(
  wanted: Awaited,
  to: {
    readonly reached: (name: string) => void;
    readonly note: (text: string) => void;
    readonly ended: (verdict: string, because: string) => void;
  },
): RunSink {
  let said = '';
  return {
    intervalMs: 200,
    wantsEvents: false,
    show: ({ status: { waitingFor }, trouble }: RunSnapshot) => {
      if (trouble !== undefined && trouble !== said) to.note(safeText((said = trouble)));
      const found = waitingFor.find((waiting) => isWanted(wanted, waiting));
      if (found) to.reached(found.name);
    },
    trouble: (message) => {
      if (message !== said) to.note(safeText((said = message)));
    },
    finished: ({ verdict, because }) => to.ended(verdict, because),
    left: () => undefined,
  };
}

function isWanted(wanted: Awaited, { kind, name }: RunSnapshot['status']['waitingFor'][number]): boolean {
  if (wanted.kind === 'verdict') return false;
  if (wanted.kind === 'question') return kind !== 'window';
  const isGate = kind === 'window' || askedOfPeople.has(kind);
  return isGate && (wanted.name === undefined || wanted.name === name);
}
