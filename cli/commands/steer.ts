import { Option, type Command } from 'commander';
import type { JsonObject } from '../../core/model/json';
import type { MessageName } from '../../workflows/messages';
import { exitingWith, type CliContext } from '../context';
import { byOption, withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { personFrom } from '../person';
import { messageCommands } from '../views/answer-command';
import { send } from './send';

interface SteerOptions extends JsonOption, ConnectionOptions {
  readonly step?: string;
  readonly all?: true;
  readonly by?: string;
  readonly reason?: string;
}

/** One row a message: what the help says, and what it takes. */
interface Steering {
  readonly name: Exclude<MessageName, 'decide'>;
  readonly done: string;
  readonly description: string;
  readonly ofStep?: true;
  /** May mean every failed step at once. */
  readonly ofAll?: true;
  readonly needsReason?: true;
  readonly example: string;
}

const rows: readonly Steering[] = [
  {
    name: 'pause',
    done: 'paused',
    description: 'start no further step; what runs finishes',
    example: 'pause shop --reason "waiting for the network team"',
  },
  { name: 'resume', done: 'resumed', description: 'go on after a pause', example: 'resume shop' },
  {
    name: 'retry',
    done: 'retrying',
    description: 'try failed steps again: all of them, or one',
    ofStep: true,
    ofAll: true,
    example: 'retry shop --all',
  },
  {
    name: 'rollback',
    done: 'rolling back',
    description: 'back to where the run began; only before its commit point',
    example: 'rollback shop --reason "web does not get healthy"',
  },
  {
    name: 'abort',
    done: 'aborting',
    description: 'stop the run where it is; the group is then Incomplete',
    example: 'abort shop --reason "we go on by hand"',
  },
  {
    name: 'skip',
    done: 'skipped the step of',
    description: 'leave a failed step out; never one that guards data or fencing',
    ofStep: true,
    needsReason: true,
    example: 'skip shop --step restore-ttl/shop.example.test@alpha --reason "done by the DNS team"',
  },
  {
    name: 'markDone',
    done: 'marked the step as done of',
    description: 'count a failed step as done by hand; verified where its kind lets that be seen',
    ofStep: true,
    needsReason: true,
    example: 'mark-done shop --step start-workload/web@beta --reason "started by hand"',
  },
];

export function declareSteering(program: Command, context: CliContext): void {
  for (const row of rows) declare(program, context, row);
}

function declare(program: Command, context: CliContext, row: Steering): void {
  const reason = new Option('--reason <text>', 'why, for the record').makeOptionMandatory(row.needsReason === true);
  const command = program
    .command(messageCommands[row.name])
    .description(row.description)
    .argument('<run>', 'id of the run, or name of its group');
  if (row.ofStep)
    command.option('--step <id>', `which step; may be left out ${row.ofAll ? 'for all' : 'when only one has failed'}`);
  if (row.ofAll) command.addOption(new Option('--all', 'all failed steps').conflicts('step'));
  command
    .addOption(byOption())
    .addOption(reason)
    .action(
      exitingWith(context, (run: string, options: SteerOptions) =>
        send(context, { run, name: row.name, payload: payloadOf(context, options), done: row.done }, options),
      ),
    );
  withExample(withConnection(withJson(command)), `switchback ${row.example}`);
}

const payloadOf = ({ terminal }: CliContext, { step, all, by, reason }: SteerOptions): JsonObject => ({
  by: personFrom(by, terminal.env),
  ...(step !== undefined && { step }),
  ...(all && { all }),
  ...(reason !== undefined && { reason }),
});
