import { InvalidArgumentError, type Command } from 'commander';
import type { JsonObject } from '../../core/model/json';
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

interface GateOptions extends JsonOption, ConnectionOptions {
  readonly gate?: string;
  readonly by?: string;
  readonly comment?: string;
  readonly key?: string;
  readonly to?: string;
  readonly plan?: string;
}

interface GateCommand {
  readonly verb: string;
  readonly message: 'decide' | 'withdraw' | 'delegate';
  /** What the message says besides gate, person and comment. */
  readonly says: (options: GateOptions) => JsonObject;
  readonly done: string;
  readonly description: string;
  readonly examples: readonly string[];
}

const gateCommands: readonly GateCommand[] = [
  {
    verb: 'approve',
    message: 'decide',
    says: () => ({ decision: 'approve' }),
    done: 'approved',
    description: 'approve at the gate that a run waits at',
    examples: [
      'switchback approve shop --gate cutover --comment "checked with the warehouse"',
      'switchback approve shop --gate cutover --plan 4f2a9c1be07d',
    ],
  },
  {
    verb: 'reject',
    message: 'decide',
    says: () => ({ decision: 'decline' }),
    done: 'declined',
    description: 'decline at the gate that a run waits at; the run then ends and changes nothing more',
    examples: ['switchback reject shop --gate cutover --comment "the sale is still on"'],
  },
  {
    verb: 'withdraw',
    message: 'withdraw',
    says: () => ({}),
    done: 'withdrawn',
    description:
      'take back your decision while the gate is open; who asked for the run and decided nothing takes back the whole run',
    examples: ['switchback withdraw shop --gate cutover --comment "the sale was prolonged"'],
  },
  {
    verb: 'delegate',
    message: 'delegate',
    says: ({ to }) => ({ to: to ?? '' }),
    done: 'delegated',
    description: 'let somebody else decide in your place at the gate that a run waits at, or take that back',
    examples: [
      'switchback delegate shop --gate cutover --to bo@example.com',
      'switchback delegate shop --gate cutover --by ana@example.com --to ana@example.com',
    ],
  },
];

export function declareDecisions(program: Command, context: CliContext): void {
  for (const { verb, message, says, done, description, examples } of gateCommands) {
    const command = program
      .command(verb)
      .description(description)
      .argument('<run>', 'id of the run, or name of its group')
      .option('--gate <name>', 'which gate; may be left out when one is open')
      .addOption(byOption())
      .option('--comment <text>', 'for the record')
      .addOption(keyOption());
    if (message === 'decide') {
      command.option(
        '--plan <hash>',
        'hash of the plan that was looked at, or at least 8 digits of it; a run with another one refuses (default: the plan that the command shows)',
        parseHash,
      );
    }
    if (message === 'delegate') command.requiredOption('--to <person>', 'who decides instead; yourself takes it back');
    command.action(
      exitingWith(context, (run: string, options: GateOptions) => {
        const { gate, by, comment, key, plan } = options;
        const payload = {
          ...(gate !== undefined && { gate }),
          by: personFrom(by, context.terminal.env),
          ...says(options),
          ...(comment !== undefined && { comment }),
          ...(plan !== undefined && { planHash: plan }),
        };
        const keyFile = key ?? context.terminal.env['SWITCHBACK_KEY'];
        return send(context, { run, name: message, payload, done, ...(keyFile && { keyFile }) }, options);
      }),
    );
    withExample(withConnection(withJson(command)), ...examples);
  }
}

function parseHash(text: string): string {
  if (/^[0-9a-f]{8,64}$/.test(text)) return text;
  throw new InvalidArgumentError(`"${text}" is not the hash of a plan: 8 to 64 of 0-9 and a-f.`);
}
