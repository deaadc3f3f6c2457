import type { Command } from 'commander';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { resolveRun } from '../temporal/resolve-run';
import { RunReader } from '../temporal/run-reader';
import { withSession } from '../temporal/session';
import { followRun } from '../watch/follow-run';
import { interruptible } from '../watch/interrupt';
import { watchSink } from '../watch/watch-sink';

type WatchOptions = JsonOption & ConnectionOptions;

export function declareWatch(program: Command, context: CliContext): void {
  const command = program
    .command('watch')
    .description('show a run live until its verdict, and exit with its code; ctrl-c is safe, the run goes on')
    .argument('<run>', 'id of the run, or name of a group: its running or else newest run')
    .action(exitingWith(context, (run: string, options: WatchOptions) => watch(context, run, options)));
  withExample(
    withConnection(withJson(command)),
    'switchback watch shop',
    'switchback watch failback/shop/20261205-220000',
  );
}

const watch = ({ terminal }: CliContext, run: string, options: WatchOptions): Promise<number> =>
  withSession(options, terminal.env, async (session) => {
    const reader = new RunReader(session, await resolveRun(session, run));
    const sink = await watchSink(terminal, options.json === true);
    return interruptible((signal) => followRun(reader, sink, signal));
  });
