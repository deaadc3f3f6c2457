import type { Command } from 'commander';
import { exitingWith, type CliContext } from '../context';
import {
  byOption,
  keyOption,
  withConnection,
  withExample,
  withJson,
  type ConnectionOptions,
  type JsonOption,
} from '../options';
import { personFrom } from '../person';
import { send } from './send';

interface AnswerOptions extends JsonOption, ConnectionOptions {
  readonly by?: string;
  readonly comment?: string;
  readonly evidence?: string;
  readonly key?: string;
}

const answers = [
  {
    decision: 'done',
    description: 'say that a manual step is done; the run goes on',
    example: 'switchback done shop check-invoices --comment "all 41 there" --evidence https://wiki.example.com/dr/7',
  },
  {
    decision: 'failed',
    description: 'say that a manual step has failed; what follows is as for any failed step',
    example: 'switchback failed shop check-invoices --comment "3 invoices are missing"',
  },
] as const;

export function declareManualSteps(program: Command, context: CliContext): void {
  for (const { decision, description, example } of answers) {
    const command = program
      .command(decision)
      .description(description)
      .argument('<run>', 'id of the run, or name of its group')
      .argument('[step]', 'name of the step; may be left out when one is waited for')
      .addOption(byOption())
      .option('--comment <text>', 'what was seen, for the record')
      .option('--evidence <url>', 'where the proof of it is kept')
      .addOption(keyOption())
      .action(
        exitingWith(context, (run: string, gate: string | undefined, options: AnswerOptions) => {
          const { by, comment, evidence, key } = options;
          const payload = {
            ...(gate !== undefined && { gate }),
            by: personFrom(by, context.terminal.env),
            decision,
            ...(comment !== undefined && { comment }),
            ...(evidence !== undefined && { evidence }),
          };
          const keyFile = key ?? context.terminal.env['SWITCHBACK_KEY'];
          return send(
            context,
            { run, name: 'decide', payload, done: `${decision} at`, ...(keyFile && { keyFile }) },
            options,
          );
        }),
      );
    withExample(withConnection(withJson(command)), example);
  }
}
