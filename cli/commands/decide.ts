import type { Command } from 'commander';
import type { DecideMessage } from '../../workflows/messages';
import { exitingWith, type CliContext } from '../context';
import { byOption, withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { personFrom } from '../person';
import { send } from './send';

interface DecideOptions extends JsonOption, ConnectionOptions {
  readonly gate?: string;
  readonly by?: string;
  readonly comment?: string;
}

interface Decision {
  readonly verb: 'approve' | 'reject';
  readonly decision: DecideMessage['decision'];
  readonly done: string;
  readonly description: string;
  readonly example: string;
}

const decisions: readonly Decision[] = [
  {
    verb: 'approve',
    decision: 'approve',
    done: 'approved',
    description: 'approve at the gate that a run waits at',
    example: 'switchback approve shop --gate cutover --comment "checked with the warehouse"',
  },
  {
    verb: 'reject',
    decision: 'decline',
    done: 'declined',
    description: 'decline at the gate that a run waits at; the run then ends and changes nothing more',
    example: 'switchback reject shop --gate cutover --comment "the sale is still on"',
  },
];

export function declareDecisions(program: Command, context: CliContext): void {
  for (const { verb, decision, done, description, example } of decisions) {
    const command = program
      .command(verb)
      .description(description)
      .argument('<run>', 'id of the run, or name of its group')
      .option('--gate <name>', 'which gate; may be left out when one is open')
      .addOption(byOption())
      .option('--comment <text>', 'for the record')
      .action(
        exitingWith(context, (run: string, { gate, by, comment, ...options }: DecideOptions) => {
          const person = personFrom(by, context.terminal.env);
          const payload = {
            ...(gate !== undefined && { gate }),
            by: person,
            decision,
            ...(comment !== undefined && { comment }),
          };
          return send(context, { run, name: 'decide', payload, done }, options);
        }),
      );
    withExample(withConnection(withJson(command)), example);
  }
}
