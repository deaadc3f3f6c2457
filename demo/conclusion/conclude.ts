import path from 'node:path';
import { formatSeconds } from '../../cli/terminal/format';
import { span, type Line } from '../../cli/terminal/line';
import { printJsonLine } from '../../cli/terminal/print';
import type { Terminal } from '../../cli/terminal/terminal';
import { shellQuoted } from '../../cli/views/answer-command';
import { exitCodes } from '../../core/model/verdict';
import type { DoneOperation } from '../circle/operation';
import type { Screen } from '../screen/screen';
import type { Proof } from '../shop/proofs';
import type { Home } from '../stack/home';
import { figureLines, figureNotes } from './figures';
import type { NamedProof } from './proof-lines';

export interface Conclusion {
  readonly done: readonly DoneOperation[];
  readonly proofs: readonly NamedProof[];
  /** Acknowledged orders that the report of the disaster names as lost. */
  readonly lostOrders: number;
  /** How long all of it took. */
  readonly seconds: number;
}

export interface ConclusionParts {
  readonly screen: Screen;
  readonly terminal: Terminal;
  readonly home: Pick<Home, 'folder'>;
  /** Folders that earlier demos left. */
  readonly earlier: readonly string[];
  readonly json: boolean;
}

/** Says how it went and where to read more, and gives the exit code. */
export function conclude({ screen, terminal, home, earlier, json }: ConclusionParts, conclusion: Conclusion): number {
  const exitCode = exitCodeOfDemo(conclusion.done, conclusion.proofs);
  screen.show(() => []);
  screen.say(
    ...[[], verdictOfDemo(exitCode, conclusion), []],
    ...figureLines(conclusion.done, conclusion.lostOrders),
    ...figureNotes,
    ...[[], ...reportLines(conclusion.done), []],
    ...leftLines(home.folder, earlier),
    nextLine,
  );
  if (json) printJsonLine(terminal, { exitCode, home: home.folder, ...asJson(conclusion) });
  return exitCode;
}

const nextLine: Line = [
  span('next: '),
  span('npm run dev', 'cyan'),
  span(' keeps all of this running, to fail over and back by hand'),
];

/** 0 when every operation ended as it was meant to and every proof holds; 1 otherwise. */
export function exitCodeOfDemo(
  done: readonly Pick<DoneOperation, 'asMeant'>[],
  proofs: readonly Pick<Proof, 'holds'>[],
): number {
  const good = done.every(({ asMeant }) => asMeant) && proofs.every(({ holds }) => holds);
  return good && done.length > 0 && proofs.length > 0 ? exitCodes.done : exitCodes.failed;
}

function verdictOfDemo(exitCode: number, { done, proofs, seconds }: Conclusion): Line {
  const meant = done.filter(({ asMeant }) => asMeant).length;
  const holding = proofs.filter(({ holds }) => holds).length;
  const counts = `${meant} of ${done.length} operations ended as they were meant to, ${holding} of ${proofs.length} proofs hold`;
  const good = exitCode === exitCodes.done;
  return [
    span(good ? '✓ ' : '✗ ', good ? 'green' : 'red'),
    span(counts, good ? 'bold' : 'red'),
    span(`, in ${formatSeconds(seconds)}`),
  ];
}

function reportLines(done: readonly DoneOperation[]): readonly Line[] {
  const [first] = done.flatMap(({ reportFiles }) => reportFiles);
  if (first === undefined) return [];
  const files = done.flatMap(({ reportFiles }) => reportFiles.filter((file) => file.endsWith('.html')));
  return [
    [span('reports', 'bold'), span(', each as .html, .md and .json, in')],
    [span(`  ${path.dirname(first)}`)],
    ...files.map((file): Line => [span(`    ${path.basename(file)}`)]),
  ];
}

function leftLines(folder: string, earlier: readonly string[]): readonly Line[] {
  const remove = (folders: readonly string[]): Line => [span(`  rm -r ${folders.map(shellQuoted).join(' ')}`, 'cyan')];
  const own: readonly Line[] = [[span('everything is kept; to remove it:')], remove([folder])];
  if (earlier.length === 0) return own;
  const what = earlier.length === 1 ? 'an earlier demo is' : `${earlier.length} earlier demos are`;
  return [...own, [span(`${what} still kept; to remove that as well:`)], remove(earlier)];
}

const asJson = ({ done, proofs, lostOrders, seconds }: Conclusion): object => ({
  seconds,
  lostOrders,
  operations: done.map(({ report, ...operation }) => ({
    ...operation,
    recoverySeconds: report.recoveryTime.seconds,
    dataLoss: report.dataLoss.status,
    dataLossSeconds: report.dataLoss.seconds,
    estimateSeconds: report.estimate.estimateSeconds,
    actualSeconds: report.estimate.actualSeconds,
  })),
  proofs,
});
