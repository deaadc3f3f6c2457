import type { WaitingFor } from '../../core/model/run';
import { factsInFull } from '../../core/report/facts-text';
import { count, formatSeconds, formatTime, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import { answerCommand } from './answer-command';

const words: Readonly<Record<WaitingFor['kind'], string>> = {
  approval: 'an approval',
  window: 'the maintenance window',
  'declare-lost': 'somebody to declare the site lost',
  'manual-step': 'somebody to do a manual step',
  'failed-step': 'a decision about a failed step',
  resume: 'somebody to let it go on',
};

/** What a run waits for, and under it the exact commands that answer. */
export const waitingLines = (
  run: string,
  waitingFor: readonly WaitingFor[],
  { now, mostInstructions = Infinity }: { readonly now: string; readonly mostInstructions?: number },
): Line[] =>
  waitingFor.flatMap((waiting) => [
    [
      span('◆ ', 'magenta'),
      span(`waits for ${words[waiting.kind]}`, 'bold'),
      span(` ${waiting.name}, ${formatSeconds(secondsBetween(waiting.since, now))} now${opening(waiting)}`),
    ],
    [span(`    ${waiting.prompt}`)],
    ...instructionLines(waiting, mostInstructions),
    ...approvalLines(waiting),
    ...factLines(waiting),
    ...waiting.answers.map((answer): Line => [span(`    ${answerCommand(run, answer)}`, 'cyan')]),
  ]);

/** Indented; whoever prints a line keeps control characters out of it. */
function instructionLines({ instructions }: WaitingFor, most: number): Line[] {
  const lines = instructions?.split('\n') ?? [];
  const shown = lines.length <= most ? lines : lines.slice(0, most - 1);
  const more = lines.length - shown.length;
  return [
    ...shown.map((line): Line => [span(`      ${line}`)]),
    ...(more > 0 ? [[span(`      … ${count(more, 'line')} more: switchback status`, 'dim')]] : []),
  ];
}

/** Who has approved, who is missing, and until when. */
function approvalLines({ approvedBy = [], missing, who, expiresAt }: WaitingFor): Line[] {
  const parts = [
    ...(approvedBy.length > 0 ? [`approved by ${approvedBy.join(', ')}`] : []),
    ...(missing === undefined ? [] : [`missing: ${missing}`]),
    ...(who === undefined ? [] : [`to be done by ${who.join(' or ')}`]),
    ...(expiresAt === undefined ? [] : [`until ${expiresAt} (${formatTime(expiresAt)} here)`]),
  ];
  return parts.length === 0 ? [] : [[span(`    ${parts.join('; ')}`)]];
}

/** What there is to know for whoever decides. */
const factLines = ({ facts }: WaitingFor): Line[] => (facts === undefined ? [] : [[span(`    ${factsInFull(facts)}`)]]);

const opening = ({ opensAt }: WaitingFor): string =>
  opensAt === undefined ? '' : `, opens at ${opensAt} (${formatTime(opensAt)} here)`;
