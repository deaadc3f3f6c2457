import { existsSync } from 'node:fs';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import type { ArchiveIndex } from '../../core/evidence/archive';
import type { EvidenceEntry } from '../../core/evidence/entry';
import { renderArchivePage } from '../../core/report/html/archive-page';
import { renderHtml } from '../../core/report/html/render-html';
import { renderAttestation } from '../../core/report/render-attestation';
import type { Report } from '../../core/report/report';
import { writeArchive } from '../../evidence/archive/write-archive';
import type { CliContext } from '../context';
import type { JsonOption } from '../options';
import { span } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';
import { evidenceAt, groupsOf } from './evidence-at';

export interface ExportOptions extends JsonOption {
  readonly out: string;
  readonly from?: string;
  readonly to?: string;
  readonly store?: string;
}

/** Writes the evidence of the groups as one zip for an auditor. */
export async function exportEvidence(
  { terminal }: CliContext,
  named: readonly string[],
  options: ExportOptions,
): Promise<number> {
  const { out, from, to: until } = options;
  refuse(options);
  const placed = await evidenceAt(terminal.env, options.store);
  const groups = [...new Set(await groupsOf(placed, named))].sort();
  const range = { ...(from !== undefined && { from }), ...(until !== undefined && { until }) };
  const request = { evidence: placed.evidence, groups, range, documentOf, pageOf: renderArchivePage };
  const index = await writeArchive(out, request);
  const faults = index.groups.flatMap((group) => group.faults.map((fault) => ({ group: group.group, ...fault })));
  if (options.json) printJson(terminal, { file: out, ...summary(index), faults });
  else {
    const { entries } = summary(index);
    printLines(terminal, [
      [
        span(`${entries} entries of ${index.groups.map(({ group }) => group).join(', ') || 'no group'} in `),
        span(out, 'bold'),
      ],
      ...faults.map(({ group, where, what }) => [span('✗ ', 'red'), span(`${group}, ${where}: ${what}`)]),
    ]);
  }
  return faults.length === 0 ? exitCodes.done : exitCodes.failed;
}

const summary = ({ groups }: ArchiveIndex) => ({
  groups: groups.map(({ group, after, head, entries }) => ({ group, after, head, entries: entries.length })),
  entries: groups.reduce((sum, { entries }) => sum + entries.length, 0),
});

function refuse({ out, from, to }: ExportOptions): void {
  const problem = !out.endsWith('.zip')
    ? `an archive is a zip: let the name of "${out}" end in .zip.`
    : existsSync(out)
      ? `${out} is there already; name another file.`
      : from !== undefined && to !== undefined && from >= to
        ? `the range ends before it begins: --from ${from}, --to up to ${to}.`
        : undefined;
  if (problem !== undefined) throw new SwitchbackFailure('InvalidInput', problem);
}

/** Reports and attestations as their runs have written them as files. */
function documentOf(
  { kind }: EvidenceEntry,
  body: unknown,
): { readonly ending: string; readonly text: string } | undefined {
  if (kind === 'report') return { ending: 'html', text: renderHtml(body as Report) };
  if (kind === 'attestation')
    return { ending: 'md', text: renderAttestation(body as Parameters<typeof renderAttestation>[0]) };
  return undefined;
}
