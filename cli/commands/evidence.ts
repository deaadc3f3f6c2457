import { createRequire } from 'node:module';
import { Option, type Command } from 'commander';
import { exitingWith, type CliContext } from '../context';
import type * as ExportEvidence from '../evidence/export-evidence';
import { parseFrom, parseUntil } from '../evidence/range';
import type * as VerifyEvidence from '../evidence/verify-evidence';
import { storeOption, withConnection, withExample, withJson } from '../options';

export function declareEvidence(program: Command, context: CliContext): void {
  const evidence = program
    .command('evidence')
    .description('what is kept of a group for good, as a chain in which nothing can be changed unseen');
  declareVerify(evidence, context);
  declareExport(evidence, context);
  withExample(evidence, 'switchback evidence verify shop');
}

function declareVerify(evidence: Command, context: CliContext): void {
  const command = evidence
    .command('verify')
    .description('read all evidence of groups, and name every change, removal, insertion, reordering and cut')
    .argument('[group...]', 'names of protection groups (default: all of which there is evidence)')
    .addOption(storeOption())
    .addOption(new Option('--archive <file>', 'check an archive of `evidence export` by itself').conflicts('store'))
    .option('--known <end...>', 'entry and SHA-256 that the chain must have, from a memo or a report, as 12:0f3a…')
    .option('--offline', 'do not ask Temporal for the ends that runs have named: a cut at the end is not found then')
    .action(
      exitingWith(context, (groups: readonly string[], options: VerifyEvidence.VerifyOptions) => {
        // Loaded when it is needed: the schemas take longer than help does.
        const load = createRequire(__filename);
        const { verifyEvidence } = load('../evidence/verify-evidence') as typeof VerifyEvidence;
        return verifyEvidence(context, groups, options);
      }),
    );
  withExample(
    withConnection(withJson(command)),
    'switchback evidence verify shop',
    'switchback evidence verify --archive 2026Q4.zip',
  );
}

function declareExport(evidence: Command, context: CliContext): void {
  const command = evidence
    .command('export')
    .description('write the evidence of a range of time as one zip, with an index, that can be checked by itself')
    .argument('[group...]', 'names of protection groups (default: all of which there is evidence)')
    .requiredOption('--out <file.zip>', 'where to write it')
    .addOption(new Option('--from <date>', 'first day, or instant (default: the beginning)').argParser(parseFrom))
    .addOption(new Option('--to <date>', 'last day, or instant (default: the end)').argParser(parseUntil))
    .addOption(storeOption())
    .action(
      exitingWith(context, (groups: readonly string[], options: ExportEvidence.ExportOptions) => {
        const load = createRequire(__filename);
        const { exportEvidence } = load('../evidence/export-evidence') as typeof ExportEvidence;
        return exportEvidence(context, groups, options);
      }),
    );
  withExample(withJson(command), 'switchback evidence export shop --from 2026-10-01 --to 2026-12-31 --out 2026Q4.zip');
}
