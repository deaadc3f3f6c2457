import type { AttestationStatus } from '../model/attestation';
import { attestationText, drillText } from './attestation-text';
import { bytesOf, DETAILS_BYTES, firstFitting } from './details/fit-bytes';
import { jsonBlock } from './details/json-block';
import { blocks, code, join, nothing, safe, short, type Markdown } from './markdown/markdown';

/** What the Web UI shows of an attestation. Markdown of less than 4,000 bytes. `now` is an ISO instant. */
export function attestationDetails(status: AttestationStatus, now: string): string {
  const { drill, attestation, lastRefusal } = status;
  const parts = [
    safe`**Drill of ${code(drill.group, 150)}: ${attestation ? `attested as ${attestation.verdict}` : 'waits to be attested'}**, as of ${now}`,
    safe`Drill ${code(drill.workflowId, 300)}, run ${code(drill.runId, 100)}, plan ${code(drill.planHash, 80)}, asked for by ${short(drill.requestedBy, 200)}.`,
    short(drillText(drill), 700),
    attestation ? safe`**Attested at ${attestation.at}:** ${short(attestationText(attestation), 600)}` : asks(status),
    lastRefusal === undefined ? nothing : safe`**Last message refused:** ${short(lastRefusal, 400)}`,
  ];
  const room = DETAILS_BYTES - parts.reduce((sum, part) => sum + bytesOf(part), 0);
  return blocks([...parts, ...firstFitting([answers(status)], room)]).text;
}

function asks({ who, signed, since, reminders, remindedAt }: AttestationStatus): Markdown {
  const whom = who.length === 0 ? safe`anyone` : short(who.join(', '), 300);
  const how = signed === undefined ? nothing : safe`, with a signature`;
  const times = remindedAt === undefined ? nothing : safe` Reminded ${reminders} times, last at ${remindedAt}.`;
  return safe`Waits since ${since} for ${whom}${how} to say whether it passed.${times} It can be said once.`;
}

const answers = ({ answers: messages }: AttestationStatus): Markdown =>
  blocks(
    messages.map(({ message, payload }) =>
      join([safe`Send a Signal or Update named ${code(message)}:`, jsonBlock(payload)], '\n'),
    ),
  );
