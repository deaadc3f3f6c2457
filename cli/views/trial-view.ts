import type { FaultTrial, WrongEnd } from '../../core/model/fault-trial';
import { count } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import { isWrong, type TestedRunbook, type TestedScene } from '../tested-runbooks';
import { symbols } from './symbols';
import { faultText, trialText } from './trial-text';

export const runbookLine = ({ file, group }: Pick<TestedRunbook, 'file' | 'group'>): Line => [
  span(group, 'bold'),
  span(` (${file})`),
];

const TITLE_WIDTH = 44;

/** One line of a scene; of each of its trials when all are to be seen. */
export function sceneLines({ scene, trials }: TestedScene, verbose: boolean): readonly Line[] {
  const wrong = trials.filter(isWrong).length;
  const symbol = wrong === 0 ? symbols.ok : symbols.error;
  const said = wrong === 0 ? 'all ended as designed' : `${wrong} ended otherwise than designed`;
  const head = [
    span('  '),
    span(symbol.text, symbol.format),
    span(` ${scene.padEnd(TITLE_WIDTH)}`),
    span(`${count(trials.length, 'trial')}, `.padStart(12)),
    span(said, symbol.format),
  ];
  return [head, ...(verbose ? trials.map(trialLine) : [])];
}

function trialLine(trial: FaultTrial): Line {
  const symbol = isWrong(trial) ? symbols.error : symbols.ok;
  return [span('      '), span(symbol.text, symbol.format), span(` ${trialText(trial)}`)];
}

interface Finding extends WrongEnd {
  readonly trials: FaultTrial[];
}

/** What has one cause is said once, however many faults have found it. */
function findingsOf(trials: readonly FaultTrial[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const trial of trials) {
    for (const wrong of trial.wrong) {
      const key = JSON.stringify([wrong.code, wrong.subject, wrong.fix]);
      const finding = found.get(key) ?? { ...wrong, trials: [] };
      if (finding.trials.at(-1) !== trial) finding.trials.push(trial);
      found.set(key, finding);
    }
  }
  return [...found.values()];
}

/** What ended otherwise than designed, by what it is about, with what to do. */
export const findingLines = ({ scenes }: TestedRunbook): readonly Line[] =>
  findingsOf(scenes.flatMap(({ trials }) => trials)).flatMap(({ code, saw, fix, trials }) => {
    const where = [...new Set(trials.map(({ scene }) => scene))].join('; ');
    const [first] = trials;
    return [
      [],
      [span('  '), span(symbols.error.text, symbols.error.format), span(` ${code}`, 'bold'), span(`  ${saw}`)],
      [span(`      in ${count(trials.length, 'trial')}: ${where}`)],
      [span(`      first when ${faultText(first?.fault)}`)],
      [span(`      to mend it: ${fix}`)],
    ];
  });

/** The answer in one line. */
export function totalLine(runbooks: number, trials: readonly FaultTrial[]): Line {
  const wrong = trials.filter(isWrong).length;
  const tried = `${count(runbooks, 'runbook')}, ${count(trials.length, 'trial')}: `;
  return wrong === 0
    ? [span(tried), span('all ended as designed', 'green')]
    : [span(tried), span(`${wrong} ended otherwise than designed`, 'red')];
}
