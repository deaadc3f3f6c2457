import type { ProtectionState } from '../../core/model/protection';
import type { StageChange, StageDiff, StageFinding } from '../../core/model/stage';
import { stageCounts } from '../../core/running/stage-rules';
import { formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import type { Format } from '../terminal/style';

const marks: Readonly<Record<StageChange['did'], readonly [mark: string, format: Format]>> = {
  created: ['+', 'green'],
  changed: ['~', 'yellow'],
  deleted: ['-', 'red'],
};

/** What a pass of staging did, or would do: objects and the names of their fields. */
export function stageLines(diff: StageDiff): Line[] {
  const { from, to, dryRun, changes, kept, troubles, created, changed, deleted, unchanged } = diff;
  const made = created + changed + deleted;
  return [
    [span(`from ${from} to ${to}`, 'bold'), span(dryRun ? ', as a dry run' : '')],
    ...changes.map(({ object, did, fields }): Line => {
      const [mark, format] = marks[did];
      return [span(`${mark} `, format), span(object), span(fields.length > 0 ? `  ${fields.join(', ')}` : '', 'dim')];
    }),
    ...more(made - changes.length),
    ...kept.map((finding) => findingLine('=', 'yellow', finding)),
    ...more(diff.keptCount - kept.length),
    ...troubles.map((finding) => findingLine('!', 'red', finding)),
    ...more(diff.troubleCount - troubles.length),
    [span(`${stageCounts(diff)}${dryRun && made > 0 ? '; nothing was changed' : ''}`, 'dim')],
    ...(made + unchanged === 0 ? [[span('nothing of the chosen kinds is at the active site', 'yellow')]] : []),
  ] as Line[];
}

const more = (left: number): Line[] => (left > 0 ? [[span(`  and ${left} more`, 'dim')]] : []);

const findingLine = (mark: string, format: Format, { object, because }: StageFinding): Line => [
  span(`${mark} `, format),
  span(object),
  span(`: ${because}`),
];

/** Of `switchback status`: when the standby was last staged, and what could not be. */
export function stageStateLines({ stage }: ProtectionState, now: string): Line[] {
  if (stage === undefined) return [];
  const { last, lastError } = stage;
  const ago = last && formatSeconds(secondsBetween(last.finishedAt, now));
  const findings = [
    ...(last?.troubles ?? []).map((finding) => findingLine('    !', 'yellow', finding)),
    ...(last?.kept ?? []).map((finding) => findingLine('    =', 'dim', finding)),
  ];
  const left = last === undefined ? 0 : last.keptCount + last.troubleCount - findings.length;
  return [
    ...(last ? [[span(`  staged     ${last.from} to ${last.to}, ${ago} ago: ${stageCounts(last)}`)]] : []),
    ...(lastError === undefined ? [] : [[span(`  ! nothing was staged the last time: ${lastError}`, 'yellow')]]),
    ...findings,
    ...(left > 0 ? [[span(`    and ${left} more: switchback stage --dry-run`, 'dim')]] : []),
  ] as Line[];
}
