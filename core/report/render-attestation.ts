import type { EndedDrill } from '../model/attestation';
import type { Attestation } from '../model/run';
import { drillText } from './attestation-text';
import type { Report } from './report';
import { blocks, code, nothing, safe, section, table, type Markdown } from './markdown/markdown';

interface Attested {
  readonly drill: EndedDrill;
  readonly attestation: Attestation;
  readonly reminders: number;
}

/** What a person said of a drill, as a document beside the report of that drill. Every text in it is escaped. */
export function renderAttestation({ drill, attestation, reminders }: Attested): string {
  const document = blocks([
    safe`# drill of ${drill.group}: attested as ${attestation.verdict}`,
    table(
      ['Question', 'Answer'],
      [
        ...attestationRows(attestation, reminders),
        [safe`Drill`, safe`${code(drill.workflowId)}, run id ${code(drill.runId)}`],
        [safe`Plan`, code(drill.planHash)],
        [safe`What was shown`, safe`${drillText(drill)}`],
      ],
    ),
  ]);
  return `${document.text}\n`;
}

export function attestationSection({ attestation }: Report): Markdown {
  if (!attestation?.said) return nothing;
  return section(
    'Attestation',
    table(['Question', 'Answer'], attestationRows(attestation.said, attestation.reminders ?? 0)),
  );
}

/** Who said what, when, by which way, and how it is known that it was that one. */
const attestationRows = (
  { verdict, by, notes, evidence, at, via, signed }: Attestation,
  reminders: number,
): readonly (readonly Markdown[])[] => [
  [safe`Attested as`, safe`**${verdict}**: ${notes}`],
  [
    safe`By`,
    signed ? safe`${code(by)}, signed with key ${code(signed.keyId)} at ${signed.at}` : safe`${code(by)}, claimed`,
  ],
  [
    safe`When`,
    safe`${at}, by ${via}; ${reminders === 0 ? 'nobody had to be reminded' : `after ${reminders} reminders`}`,
  ],
  ...(evidence === undefined ? [] : [[safe`Evidence`, safe`${evidence}`]]),
];
