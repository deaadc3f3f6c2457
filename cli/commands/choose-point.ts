import { Argument, type Command } from 'commander';
import { CHOICE_WORDS } from '../../core/running/point-choice';
import { exitingWith, type CliContext } from '../context';
import { byOption, withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { personFrom } from '../person';
import { collectPoint } from './operation-options';
import { send } from './send';

interface ChooseOptions extends JsonOption, ConnectionOptions {
  readonly by?: string;
  readonly reason: string;
}

export function declareChoosePoint(program: Command, context: CliContext): void {
  const command = program
    .command('choose-point')
    .description('start an unplanned failover or a drill that is under way from another recovery point')
    .argument('<run>', 'id of the run, or name of its group')
    .addArgument(new Argument('<point>', CHOICE_WORDS).argParser(collectPoint))
    .addOption(byOption())
    .requiredOption('--reason <text>', 'why, for the record')
    .action(
      exitingWith(context, (run: string, recoveryPoint: string, { by, reason, ...options }: ChooseOptions) => {
        const payload = { recoveryPoint, by: personFrom(by, context.terminal.env), reason };
        return send(context, { run, name: 'choosePoint', payload, done: `going on from ${recoveryPoint}:` }, options);
      }),
    );
  withExample(
    withConnection(withJson(command)),
    'switchback choose-point shop latest-application-consistent --reason "the last orders are damaged"',
  );
}
