import type { KnownHead } from '../../core/evidence/verify-chain';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import { verifyArchive } from '../../evidence/archive/verify-archive';
import type { CliContext } from '../context';
import type { ConnectionOptions, JsonOption } from '../options';
import { withSession } from '../temporal/session';
import { printJson, printLines } from '../terminal/print';
import { verifiedLines, type VerifiedGroup } from '../views/evidence-view';
import { evidenceAt, groupsOf } from './evidence-at';
import { knownHeads, parseHead } from './known-heads';

export interface VerifyOptions extends JsonOption, ConnectionOptions {
  readonly store?: string;
  readonly archive?: string;
  readonly offline?: true;
  readonly known?: readonly string[];
}

/** Reads all evidence of the groups, or of an archive, and says what is wrong with it. */
export async function verifyEvidence(
  { terminal }: CliContext,
  groups: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  const given = (options.known ?? []).map(parseHead);
  const { place, verified } =
    options.archive === undefined
      ? await verifyStore({ terminal }, groups, { ...options, given })
      : await verifyFile(options.archive, groups, given);
  const shown = verified.map(({ group, entries, head, known, faults }) => ({
    ...{ group, entries: entries.length, head, known, faults },
  }));
  if (options.json) printJson(terminal, { place, groups: shown });
  else
    for (const one of verified)
      printLines(terminal, verifiedLines(one, { place, part: options.archive !== undefined }));
  return verified.every(({ faults }) => faults.length === 0) ? exitCodes.done : exitCodes.failed;
}

interface Verified {
  readonly place: string;
  readonly verified: readonly VerifiedGroup[];
}

async function verifyStore(
  { terminal }: Pick<CliContext, 'terminal'>,
  named: readonly string[],
  options: VerifyOptions & { readonly given: readonly KnownHead[] },
): Promise<Verified> {
  const placed = await evidenceAt(terminal.env, options.store);
  const groups = await groupsOf(placed, named);
  if (options.given.length > 0 && groups.length !== 1) throw oneGroupOnly();
  const heads = options.offline ? undefined : await headsOf(groups, { terminal, options });
  const verified = [];
  for (const group of groups) {
    const known = [...options.given, ...(heads?.get(group) ?? [])];
    const chain = await placed.evidence.of(group).verify(known);
    if (chain.entries.length === 0 && chain.faults.length === 0) throw noneThere(group, placed.place);
    verified.push({ ...chain, group, known });
  }
  return { place: placed.place, verified };
}

async function verifyFile(file: string, named: readonly string[], given: readonly KnownHead[]): Promise<Verified> {
  const chains = (await verifyArchive(file, given)).filter(({ group }) => named.length === 0 || named.includes(group));
  if (given.length > 0 && chains.length !== 1) throw oneGroupOnly();
  if (chains.length === 0) throw noneThere(named.join(', '), file);
  return { place: file, verified: chains.map((chain) => ({ ...chain, known: given })) };
}

/** What Temporal knows of each. */
async function headsOf(
  groups: readonly string[],
  { terminal, options }: Pick<CliContext, 'terminal'> & { readonly options: ConnectionOptions },
): Promise<ReadonlyMap<string, readonly KnownHead[]>> {
  try {
    return await withSession(options, terminal.env, async (session) => {
      const heads = new Map<string, readonly KnownHead[]>();
      for (const group of groups) heads.set(group, await knownHeads(session, group, (line) => terminal.note(line)));
      return heads;
    });
  } catch (error) {
    if (!(error instanceof SwitchbackFailure) || error.code !== 'TemporalUnavailable') throw error;
    throw new SwitchbackFailure(error.code, `${error.message} With --offline it is not asked.`, error.details);
  }
}

const oneGroupOnly = (): SwitchbackFailure =>
  new SwitchbackFailure('InvalidInput', '--known is an end of one chain: name one group with it.');

const noneThere = (group: string, place: string): SwitchbackFailure =>
  new SwitchbackFailure('InvalidInput', `there is no evidence of group "${group}" in ${place}.`);
