import path from 'node:path';
import type { Command } from 'commander';
import type { EvidenceHead } from '../../core/model/evidence';
import { exitCodes } from '../../core/model/verdict';
import type { VerifiedChain } from '../../core/evidence/verify-chain';
import { Evidence } from '../../evidence/evidence';
import { FolderStore } from '../../evidence/folder-store';
import { exitingWith, type CliContext } from '../context';
import { withConnection, withExample, withJson, type ConnectionOptions, type JsonOption } from '../options';
import { protectionState } from '../temporal/resolve-run';
import { withSession } from '../temporal/session';
import { span, type Line } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';

interface VerifyOptions extends JsonOption, ConnectionOptions {
  readonly folder?: string;
  readonly offline?: true;
}

export function declareEvidence(program: Command, context: CliContext): void {
  const evidence = program
    .command('evidence')
    .description('reports and attestations of a group, kept as a chain in which nothing can be changed unseen');
  withExample(evidence, 'switchback evidence verify shop');
  const verify = evidence
    .command('verify')
    .description('read all evidence of a group, and name every change, removal, reordering and cut')
    .argument('<group>', 'name of the protection group')
    .option(
      '--folder <folder>',
      'where evidence is kept (default: SWITCHBACK_EVIDENCE, or evidence in SWITCHBACK_HOME)',
    )
    .option('--offline', 'do not ask Temporal for the end of the chain: a cut at its end is not found then')
    .action(exitingWith(context, (group: string, options: VerifyOptions) => verifyEvidence(context, group, options)));
  withExample(withConnection(withJson(verify)), 'switchback evidence verify shop');
}

async function verifyEvidence({ terminal }: CliContext, group: string, options: VerifyOptions): Promise<number> {
  const folder = path.resolve(options.folder ?? folderOf(terminal.env));
  const known = options.offline ? undefined : await knownEnd(terminal.env, group, options);
  const chain = await new Evidence(new FolderStore(folder)).of(group).verify(known);
  const { faults, head, entries } = chain;
  if (options.json) printJson(terminal, { group, entries: entries.length, head, ...(known && { known }), faults });
  else printLines(terminal, verdictLines(chain, { folder, known }));
  return faults.length === 0 ? exitCodes.done : exitCodes.failed;
}

/** Where evidence is kept, as workers know it. */
export const folderOf = (env: NodeJS.ProcessEnv): string =>
  env['SWITCHBACK_EVIDENCE'] ?? path.join(env['SWITCHBACK_HOME'] ?? '.switchback', 'evidence');

/** As the group keeps it, of the run that ended last. */
async function knownEnd(
  env: NodeJS.ProcessEnv,
  group: string,
  options: ConnectionOptions,
): Promise<EvidenceHead | undefined> {
  const { runs } = await withSession(options, env, (session) => protectionState(session, group));
  const ends = runs.flatMap(({ evidence }) => evidence ?? []);
  return ends.reduce<EvidenceHead | undefined>(
    (last, end) => (last === undefined || end.sequence > last.sequence ? end : last),
    undefined,
  );
}

function verdictLines(
  { faults, head, entries }: VerifiedChain,
  { folder, known }: { readonly folder: string; readonly known: EvidenceHead | undefined },
): Line[] {
  if (faults.length > 0) {
    return [
      [span('✗ ', 'red'), span(`${faults.length} faults in the evidence in ${folder}`, 'bold')],
      ...faults.map(({ where, what }): Line => [span(`  ${where}: ${what}`)]),
    ];
  }
  const end = known
    ? `nothing is missing up to entry ${known.sequence}, which the group has named last`
    : 'whether something was cut off its end is not known';
  return [
    [span('✓ ', 'green'), span(`${entries.length} entries, each as it was written`, 'bold'), span(`; ${end}`)],
    [span(`  ends with ${head.hash}`, 'dim')],
  ];
}
