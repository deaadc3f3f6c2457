import type { EvidenceEntry } from '../../core/evidence/entry';
import type { EvidenceKind } from '../../core/model/evidence';
import { attestationWorkflowId } from '../../core/model/names';
import type { Attestation } from '../../core/model/run';
import type { Report } from '../../core/report/report';
import type { EvidenceChain } from '../../evidence/evidence-chain';
import { groupsOf, type PlacedEvidence } from './evidence-at';

/** A report as it was kept, with what was kept later of how a person attested the drill. */
export interface KeptReport {
  readonly report: Report;
  readonly entry: EvidenceEntry;
}

interface KeptAttestation {
  readonly attestation: Attestation;
  readonly reminders: number;
}

/**
 * The newest report of the run, or of the group, of which there is one. Undefined: none was kept.
 *
 * @throws SwitchbackFailure `EvidenceChanged` when it is not what was kept
 */
export async function keptReport(placed: PlacedEvidence, run: string): Promise<KeptReport | undefined> {
  // The id of a run can be anything with a slash; the name of a group has none.
  const groups = run.includes('/') ? await placed.evidence.groups() : await groupsOf(placed, [run]);
  for (const group of likelyFirst(groups, run)) {
    const chain = placed.evidence.of(group);
    const found = await reportIn(chain, run);
    if (found) return found;
  }
  return undefined;
}

/** "failback/shop/1" is most likely of the group "shop". */
const likelyFirst = (groups: readonly string[], run: string): readonly string[] => {
  const named = run.split('/');
  return [...groups].sort((one, other) => Number(named.includes(other)) - Number(named.includes(one)));
};

async function reportIn(chain: EvidenceChain, run: string): Promise<KeptReport | undefined> {
  const entries = await chain.entries();
  const entry = [...entries]
    .reverse()
    .find(({ kind, id }) => kind === 'report' && (!run.includes('/') || runOf(id) === run));
  if (entry === undefined) return undefined;
  const report = (await chain.bodyOf(entry)) as Report;
  const { workflowId, runId } = report.run;
  const attested = entries.find(
    ({ kind, id }) => kind === 'attestation' && idOf(kind, id) === `${workflowId}/${runId}`,
  );
  if (attested === undefined) return { report, entry };
  const { attestation: said, reminders } = (await chain.bodyOf(attested)) as KeptAttestation;
  const asked = report.attestation?.workflowId ?? attestationWorkflowId(report.run);
  const from = [...(report.attestation?.from ?? []), `evidence entry ${attested.sequence}`];
  return {
    report: { ...report, attestation: { workflowId: asked, state: said.verdict, reminders, said, from } },
    entry,
  };
}

/** "report/failback/shop/1/<run id>" is of "failback/shop/1". */
const runOf = (id: string): string => id.split('/').slice(1, -1).join('/');

const idOf = (kind: EvidenceKind, id: string): string => id.slice(`${kind}/`.length);
