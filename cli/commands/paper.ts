import { createRequire } from 'node:module';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { operationNames } from '../../core/model/operation';
import { exitCodes } from '../../core/model/verdict';
import type * as PaperMarkdown from '../../core/paper/paper-markdown';
import type * as RenderPaper from '../../core/report/html/render-paper';
import { exitingWith, type CliContext } from '../context';
import { refuseFlags } from '../operation-input';
import { withExample, withJson, type JsonOption } from '../options';
import type * as PaperOf from '../paper-of';
import { parsedRunbook } from '../runbook-files';
import { printJson } from '../terminal/print';
import { modeOption } from './operation-options';

interface PaperOptions extends PaperOf.PaperRequest, JsonOption {
  readonly format: 'md' | 'html';
}

export function declarePaper(program: Command, context: CliContext): void {
  const command = program
    .command('paper')
    .description('print an operation as commands for people, for when Switchback or Temporal is down; needs neither')
    .argument('<runbook>', 'runbook file')
    .addOption(new Option('--operation <operation>', 'what to print').choices(operationNames).default('failover'))
    .addOption(modeOption())
    .addOption(
      new Option('--format <format>', 'Markdown, or one HTML page for the printer')
        .choices(['md', 'html'])
        .default('md'),
    )
    .addOption(
      new Option('--plan <file>', 'print exactly this plan, which `plan --out` has saved').conflicts(['state', 'mode']),
    )
    .option('--state <file>', 'with what was known of the group when `state export` wrote this file')
    .action(exitingWith(context, (runbook: string, options: PaperOptions) => paper(context, runbook, options)));
  withExample(
    withJson(command),
    'switchback paper runbooks/shop.yaml > failover.md',
    'switchback paper runbooks/shop.yaml --mode unplanned --format html > unplanned.html',
    'switchback paper runbooks/shop.yaml --operation failback --state shop.state.json',
    'switchback paper runbooks/shop.yaml --plan failover.plan.json',
  );
}

async function paper({ terminal }: CliContext, file: string, options: PaperOptions): Promise<number> {
  refuseFlags(options.operation, options);
  const runbook = await parsedRunbook(file);
  // Loaded when they are needed: the compiler and what renders HTML would keep help waiting.
  const load = createRequire(__filename);
  const { paperOf } = load('../paper-of') as typeof PaperOf;
  const printed = await paperOf(runbook, path.resolve(path.dirname(file)), options);
  if (options.json) printJson(terminal, printed);
  else if (options.format === 'html') {
    const { renderPaper } = load('../../core/report/html/render-paper') as typeof RenderPaper;
    terminal.out(renderPaper(printed));
  } else {
    const { paperMarkdown } = load('../../core/paper/paper-markdown') as typeof PaperMarkdown;
    terminal.out(paperMarkdown(printed));
  }
  return exitCodes.done;
}
