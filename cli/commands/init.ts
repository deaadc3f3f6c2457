import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import { exitingWith, type CliContext } from '../context';
import { draftFromNamespace, type InitOptions } from '../draft-from-namespace';
import { withExample, withJson, type JsonOption } from '../options';
import { count } from '../terminal/format';
import { printJson } from '../terminal/print';
import { safeText } from '../terminal/safe-text';
import { shellQuoted } from '../views/answer-command';

interface Options extends InitOptions, JsonOption {
  readonly out?: string;
  readonly force?: true;
}

export function declareInit(program: Command, context: CliContext): void {
  const command = program
    .command('init')
    .description(
      'write a runbook for what runs in a namespace of a Kubernetes cluster; what it guesses is marked for review',
    )
    .requiredOption('--from-namespace <namespace>', 'namespace of the application')
    .option('--context <context>', 'context of the kubeconfig (default: the current one)')
    .option('--kubeconfig <file>', 'kubeconfig (default: what KUBECONFIG names, or ~/.kube/config)')
    .option('--to-context <context>', 'context of the cluster that is the refuge (default: left open)')
    .option('--to-namespace <namespace>', 'namespace there (default: the same)')
    .option('--group <name>', 'name of the protection group (default: that of the namespace)')
    .option('--out <file>', 'write it to this file (default: stdout)')
    .option('--force', 'over a file that is there already')
    .action(exitingWith(context, (options: Options) => init(context, options)));
  withExample(
    withJson(command),
    'switchback init --from-namespace shop --context frankfurt --to-context dublin --out runbooks/shop.yaml',
  );
}

async function init({ terminal }: CliContext, options: Options): Promise<number> {
  const { out, force, json } = options;
  const { text, workloads } = await draftFromNamespace(options, terminal.env);
  if (out !== undefined) await write(out, text, force);
  if (json) printJson(terminal, { ...(out !== undefined && { file: out }), runbook: text, workloads });
  else if (out === undefined) terminal.out(safeText(text.trimEnd()));
  const marks = text.split('\n').filter((line) => line.includes('# review:')).length;
  terminal.note(`${count(workloads.length, 'workload')}, ${count(marks, 'place')} to look at, marked "review:"`);
  if (out !== undefined) terminal.note(`then: switchback validate ${shellQuoted(out)}`);
  return exitCodes.done;
}

async function write(file: string, text: string, force: true | undefined): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const why = there ? 'it is there already; --force writes over it' : (error as Error).message;
    throw new SwitchbackFailure('InvalidInput', `The runbook cannot be written to ${file}: ${why}`, { file });
  }
}
