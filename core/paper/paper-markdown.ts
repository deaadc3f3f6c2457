import { escapeMarkdown } from '../report/escape-markdown';
import type { Block, Paper, PaperSection, PaperStep } from './paper';

const LONGEST_TEXT = 4000;

/** For the printer and for a terminal: everything that is typed stands in a block of its own. */
export function paperMarkdown(paper: Paper): string {
  const { assumptions, sections } = paper;
  return [
    `# ${text(titleOf(paper))}`,
    `Printed at ${paper.printedAt}. Plan ${paper.planHash.slice(0, 12)}, runbook ${paper.runbookDigest.slice(0, 12)}.`,
    'Led by: ______________________ Began at: ______________ Ended at: ______________',
    ...(assumptions.length > 0 ? ['Nobody has looked when this was printed:', list(assumptions)] : []),
    ...sections.flatMap(sectionParts),
  ]
    .join('\n\n')
    .concat('\n');
}

/** "Planned failover of shop from alpha to beta, by hand". */
export function titleOf({ operation, mode, group, from, to }: Paper): string {
  const what = operation === 'failover' ? `${mode} failover` : operation;
  const way = from === to ? `with ${from} active` : `from ${from} to ${to}`;
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} of ${group} ${way}, by hand`;
}

const text = (value: string): string => escapeMarkdown(value, LONGEST_TEXT);
const list = (items: readonly string[]): string => items.map((item) => `- ${text(item)}`).join('\n');

function sectionParts({ title, tells, waves }: PaperSection): readonly string[] {
  return [
    `## ${text(title)}`,
    ...tells.map(text),
    ...waves.flatMap((wave) => [
      ...(wave.length > 1 ? [`These ${wave.length} may be done at the same time:`] : []),
      ...wave.flatMap(stepParts),
    ]),
  ];
}

function stepParts(step: PaperStep): readonly string[] {
  const { number, title, who, where, when, tells, blocks, undo, approval } = step;
  const facts = [
    `who: ${who}`,
    ...(where === undefined ? [] : [`where: ${where}`]),
    ...when.map((condition) => `when: ${condition}`),
    ...(undo.length > 0 ? [`undone by: ${undo.join(', ')}`] : []),
  ];
  return [
    `### ${text(`${number} ${title}`)}`,
    '☐ done by: ______________________ at: ______________',
    list(facts),
    ...(approval === undefined ? [] : [`Stop here. Needed before anybody goes on: ${text(approval)}`, SIGNATURES]),
    ...tells.map(text),
    ...blocks.flatMap(blockParts),
  ];
}

const SIGNATURES =
  '☐ agreed: ______________________ at: ______________ ☐ agreed: ______________________ at: ______________';

function blockParts(block: Block): readonly string[] {
  if (block.kind === 'do') return ['Type:', fenced('sh', block.script)];
  return ['Go on only when this shows what stands below it:', fenced('sh', block.script), fenced('text', block.shown)];
}

/** A fence that nothing inside of it can end. */
function fenced(language: string, content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${content}\n${fence}`;
}
