import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { TrialNews } from '../../core/model/fault-trial';
import { SwitchbackFailure } from '../../core/model/failure';
import { operationNames, type Operation } from '../../core/model/operation';
import { exitCodes } from '../../core/model/verdict';
import { runChildProgram } from '../child-program';
import { exitingWith, type CliContext } from '../context';
import { withExample, withJson, type JsonOption } from '../options';
import { diagnose, runbookFiles } from '../runbook-files';
import { span } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';
import { isWrong, TestedRunbooks } from '../tested-runbooks';
import { trialSink } from '../trial-sink';
import { diagnosticLines } from '../views/diagnostic-lines';
import { junitReport } from '../views/junit-report';
import { INTERRUPTED } from '../watch/interrupt';

interface TestOptions extends JsonOption {
  readonly operation?: readonly Operation[];
  readonly verbose?: true;
  readonly junit?: string;
}

export function declareTest(program: Command, context: CliContext): void {
  const command = program
    .command('test')
    .description('simulate the operations of runbooks with every step failing in turn; needs no server and no site')
    .argument('<runbook...>', 'runbook files, folders of them, or patterns such as "runbooks/*.yaml"')
    .addOption(
      new Option('--operation <operation>', 'only this one; may be repeated (default: all)').argParser(
        collectOperation,
      ),
    )
    .option('--verbose', 'show every trial as "fault → end state", not only what is wrong')
    .option('--junit <file>', 'write the trials to this file as a JUnit report')
    .action(exitingWith(context, (args: string[], options: TestOptions) => test(context, args, options)));
  withExample(
    withJson(command),
    'switchback test runbooks/shop.yaml',
    'switchback test runbooks --operation failback --verbose',
    'switchback test "runbooks/*.yaml" --junit test-results/runbooks.xml',
  );
}

function collectOperation(name: string, earlier: readonly Operation[] = []): readonly Operation[] {
  const known = operationNames.find((operation) => operation === name);
  if (known === undefined) throw new InvalidArgumentError(`Allowed choices are ${operationNames.join(', ')}.`);
  return [...earlier, known];
}

/** Exit code 0 when all ended as designed, 1 when something did not, 3 when a runbook is not valid. */
async function test(context: CliContext, args: readonly string[], options: TestOptions): Promise<number> {
  const { terminal } = context;
  const files = await runbookFiles(args);
  const diagnostics = (await Promise.all(files.map(diagnose))).flat();
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    if (options.json) printJson(terminal, { valid: false, diagnostics });
    else printLines(terminal, [...diagnosticLines(diagnostics), [span('nothing was tried')]]);
    return exitCodes.invalidInput;
  }
  const tested = new TestedRunbooks();
  const sink = await trialSink(terminal, options);
  const code = await runChildProgram('simulation/main.ts', {
    args: [operationNames.filter((name) => options.operation?.includes(name) ?? true).join(','), ...files],
    env: terminal.env,
    line: (line) => {
      tested.take(JSON.parse(line) as TrialNews);
      sink.show(tested);
    },
  });
  sink.end(tested);
  if (code === INTERRUPTED) return code;
  if (!tested.complete) throw new Error(`the simulation ended early, with exit code ${code}`);
  if (options.junit !== undefined) await writeReport(options.junit, junitReport(tested.runbooks));
  const wrong = tested.trials.filter(isWrong).length;
  if (options.json)
    printJson(terminal, { ok: wrong === 0, trials: tested.trials.length, wrong, runbooks: tested.runbooks });
  return wrong === 0 ? exitCodes.done : exitCodes.failed;
}

async function writeReport(file: string, report: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, report);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new SwitchbackFailure('InvalidInput', `The JUnit report cannot be written to ${file}: ${because}`, { file });
  }
}
