import type { FaultTrial } from '../../core/model/fault-trial';
import { safeText } from '../terminal/safe-text';
import { isWrong, type TestedRunbook, type TestedScene } from '../tested-runbooks';
import { faultText, trialText } from './trial-text';

/** The trials as a JUnit report, as CI systems read it: a suite a scene, a case a fault. */
export function junitReport(runbooks: readonly TestedRunbook[]): string {
  const suites = runbooks.flatMap((runbook) => runbook.scenes.map((scene) => ({ runbook, scene })));
  const trials = suites.flatMap(({ scene }) => scene.trials);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="switchback test" ${counts(trials)}>`,
    ...suites.flatMap(({ runbook, scene }) => suite(runbook, scene)),
    '</testsuites>',
    '',
  ].join('\n');
}

const suite = ({ group, file }: TestedRunbook, { scene, trials }: TestedScene): readonly string[] => [
  `  <testsuite name="${attribute(`${group}: ${scene}`)}" file="${attribute(file)}" ${counts(trials)}>`,
  ...trials.flatMap((trial) => testCase(`${group}.${scene}`, trial)),
  '  </testsuite>',
];

/** Its name says the fault alone: it stays the same when the end changes, so that a CI system knows the case again. */
function testCase(className: string, trial: FaultTrial): readonly string[] {
  const id = trial.fault === undefined || trial.fault.moment === 'closed' ? '' : ` (${trial.fault.step})`;
  const open = `<testcase classname="${attribute(className)}" name="${attribute(faultText(trial.fault) + id)}"`;
  const [first] = trial.wrong;
  if (first === undefined) return [`    ${open}/>`];
  const said = trial.wrong.map(({ code, saw, fix }) => `${code}: ${saw}\nTo mend it: ${fix}`);
  const body = [trialText(trial), ...said].join('\n\n');
  return [
    `    ${open}>`,
    `      <failure type="${attribute(first.code)}" message="${attribute(first.saw)}">${text(body)}</failure>`,
    '    </testcase>',
  ];
}

const counts = (trials: readonly FaultTrial[]): string =>
  `tests="${trials.length}" failures="${trials.filter(isWrong).length}" errors="0" skipped="0"`;

/** XML 1.0 has no way to write a control character, nor half of a surrogate pair. */
const text = (value: string): string =>
  safeText(value)
    .replace(/[\ufffe\uffff\p{Surrogate}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

const attribute = (value: string): string =>
  text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
