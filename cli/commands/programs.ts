import type { Command } from 'commander';
import { runChildProgram } from '../child-program';
import { exitingWith, type CliContext } from '../context';
import { withExample } from '../options';

interface Program {
  readonly name: string;
  readonly file: string;
  readonly description: string;
  readonly example: string;
}

/** Programs of their own, never loaded into this one: they bring drivers and a Temporal worker along. */
const programs: readonly Program[] = [
  {
    name: 'worker',
    file: 'workers/main.ts',
    description: 'run a worker until it is told to stop; settings come from the environment',
    example: 'TEMPORAL_ADDRESS=temporal.example.com:7233 switchback worker',
  },
  {
    name: 'dev',
    file: 'demo/dev.ts',
    description: 'a server, a worker, two local sites and customers, all on this machine, until ctrl-c',
    example: 'switchback dev',
  },
  {
    name: 'demo',
    file: 'demo/main.ts',
    description: 'the full circle twice on two local sites, with proofs; exit code 1 when a proof fails',
    example: 'switchback demo',
  },
];

export function declarePrograms(program: Command, context: CliContext): void {
  for (const { name, file, description, example } of programs) {
    const command = program
      .command(name)
      .description(description)
      .argument('[args...]', 'passed on as they are')
      .allowUnknownOption()
      .option('--json', 'passed on: JSON lines on stdout')
      .action(
        exitingWith(context, (args: string[], { json }: { json?: true }) =>
          runChildProgram(file, { args: [...args, ...(json ? ['--json'] : [])], env: context.terminal.env }),
        ),
      );
    withExample(command, example);
  }
}
