import type { Block, Paper, PaperSection, PaperStep } from '../../paper/paper';
import { titleOf } from '../../paper/paper-markdown';
import { code, element, instant, list, section, strong, type Content } from './elements';
import { htmlPage } from './page';

/** What a paper has besides a report: lines to write on, and steps that are not torn apart by the end of a page. */
const paperStyle = `
.step{border:1px solid var(--line);border-radius:8px;padding:8px 14px;margin:10px 0}
.step h3{font-size:15px;margin:0 0 4px}
.line{display:flex;flex-wrap:wrap;gap:6px 24px;margin:4px 0}
.blank{display:inline-block;border-bottom:1px solid var(--ink);min-width:150px}
.stop{border:2px solid var(--warn);border-radius:6px;padding:6px 12px;margin:8px 0}
@media print{.step{break-inside:avoid}pre{font-size:8.5pt}}
`;

/** The paper as one page that asks for nothing from anywhere, for the printer first. */
export function renderPaper(paper: Paper): string {
  const title = titleOf(paper);
  const main = element(
    'main',
    {},
    element('h1', {}, title),
    element('p', { class: 'lead' }, 'Printed at ', instant(paper.printedAt), '. Plan ', code(paper.planHash), '.'),
    signed('Led by', 'began at', 'ended at'),
    paper.assumptions.length > 0 && element('p', {}, 'Nobody has looked when this was printed:'),
    list(paper.assumptions),
    ...paper.sections.map(paperSection),
  );
  return htmlPage(title, [main], paperStyle);
}

const paperSection = ({ title, tells, waves }: PaperSection, index: number): Content =>
  section(
    `part-${index + 1}`,
    title,
    ...tells.map((tell) => element('p', {}, tell)),
    ...waves.flatMap((wave) => [
      wave.length > 1 && element('p', {}, `These ${wave.length} may be done at the same time:`),
      ...wave.map(stepBox),
    ]),
  );

function stepBox({ number, title, who, where, when, tells, blocks, undo, approval }: PaperStep): Content {
  const facts = [
    `who: ${who}`,
    ...(where === undefined ? [] : [`where: ${where}`]),
    ...when.map((condition) => `when: ${condition}`),
    ...(undo.length > 0 ? [`undone by: ${undo.join(', ')}`] : []),
  ];
  return element(
    'div',
    { class: 'step', id: `step-${number}` },
    element('h3', {}, `☐ ${number} ${title}`),
    signed('done by', 'at'),
    list(facts),
    approval !== undefined &&
      element(
        'div',
        { class: 'stop' },
        strong('Stop here. '),
        `Needed before anybody goes on: ${approval}`,
        signed('agreed', 'at'),
        signed('agreed', 'at'),
      ),
    ...tells.map((tell) => element('p', {}, tell)),
    ...blocks.flatMap(blockParts),
  );
}

const signed = (...labels: readonly string[]): Content =>
  element(
    'p',
    { class: 'line' },
    ...labels.map((label) => element('span', {}, `${label}: `, element('span', { class: 'blank' }, '\u00a0'))),
  );

function blockParts(block: Block): readonly Content[] {
  const typed = element('pre', {}, block.script);
  if (block.kind === 'do') return [typed];
  return [typed, element('p', {}, 'Go on only when this shows:'), element('pre', { class: 'shown' }, block.shown)];
}
