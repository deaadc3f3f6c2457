import { createRequire } from 'node:module';
import { Option, type Command } from 'commander';
import type * as MakeCompliance from '../compliance/make-compliance';
import type { ComplianceTable } from '../../core/compliance/render-csv';
import { exitingWith, type CliContext } from '../context';
import { storeOption, withExample, withJson } from '../options';

/** What each table of CSV has a row for. */
const tables: Readonly<Record<ComplianceTable, string>> = {
  tests: 'runs and drills',
  groups: 'groups',
  findings: 'findings',
  rpo: 'slices of time',
  breaches: 'breaches of the RPO',
  drills: 'drills that were due',
  approvals: 'approvals',
};

export function declareCompliance(program: Command, context: CliContext): void {
  const command = program
    .command('compliance')
    .description('whether groups held what was promised in a period, from the evidence alone; ends with 0, 1 or 7')
    .argument('[group...]', 'names of protection groups (default: all that there is evidence of)')
    .option('--quarter <quarter>', 'the quarter, as 2026Q4')
    .option('--from <date>', 'a day or an instant with which the period begins, with --to')
    .option('--to <date>', 'a day, which is included, or an instant with which it ends')
    .option('--time-zone <zone>', 'whose days and quarters they are', 'UTC')
    .addOption(
      new Option('--format <format>', 'a table for people, one HTML file, CSV, or JSON')
        .choices(['text', 'html', 'csv', 'json'])
        .default('text'),
    )
    .addOption(
      new Option(
        '--table <table>',
        `of CSV, what has a row: ${Object.entries(tables)
          .map(([name, rows]) => `${name}: ${rows}`)
          .join('; ')} (default: tests)`,
      ).choices(Object.keys(tables)),
    )
    .option('--out <file>', 'write there and not to stdout')
    .addOption(storeOption())
    .action(
      exitingWith(context, (groups: readonly string[], options: MakeCompliance.ComplianceOptions) => {
        // Loaded when it is needed: time zones and the renderer of pages would double the time that help takes.
        const load = createRequire(__filename);
        const { makeCompliance } = load('../compliance/make-compliance') as typeof MakeCompliance;
        return makeCompliance(context.terminal, groups, options);
      }),
    );
  withExample(
    withJson(command),
    'switchback compliance --quarter 2026Q4',
    'switchback compliance shop --quarter 2026Q4 --format html --out compliance.html',
    'switchback compliance --from 2026-10-01 --to 2026-12-31 --format csv --table breaches',
  );
}
