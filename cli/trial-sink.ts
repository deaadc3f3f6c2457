import { renderLine, span, type Line } from './terminal/line';
import { printLines } from './terminal/print';
import type { Terminal } from './terminal/terminal';
import type { TestedRunbooks } from './tested-runbooks';
import { findingLines, runbookLine, sceneLines, totalLine } from './views/trial-view';

/** Shows trials while they are made. */
export interface TrialSink {
  /** After every piece of news. */
  show(tested: TestedRunbooks): void;
  /** When the simulation has ended, early or not. */
  end(tested: TestedRunbooks): void;
}

interface SinkOptions {
  readonly json?: true;
  readonly verbose?: true;
}

/** A line of the screen that is drawn over itself: what log-update gives. */
interface Frame {
  (text: string): void;
  clear(): void;
  done(): void;
}

const noFrame: Frame = Object.assign(() => undefined, { clear: () => undefined, done: () => undefined });

/** Whole scenes for everybody, and for a person at a terminal also how far the one is that is being tried. */
export async function trialSink(terminal: Terminal, { json, verbose }: SinkOptions): Promise<TrialSink> {
  if (json) return { show: () => undefined, end: () => undefined };
  const live = terminal.interactive && terminal.env['TERM'] !== 'dumb';
  const frame: Frame = live ? (await import('log-update')).default : noFrame;
  return textSink(terminal, frame, verbose === true);
}

/** Prints what is complete, once, and keeps the rest in the frame. */
export function textSink(terminal: Terminal, frame: Frame, verbose: boolean): TrialSink {
  let printed = 0;
  const print = (lines: readonly Line[]): void => {
    const fresh = lines.slice(printed);
    if (fresh.length === 0) return;
    frame.clear();
    printLines(terminal, fresh);
    printed = lines.length;
  };
  return {
    show: (tested) => {
      const { current } = tested;
      if (current?.trials.length === current?.planned) print(completeLines(tested, verbose));
      frame(renderLine(progressLine(tested), terminal.style, terminal.size().columns - 1));
    },
    end: (tested) => {
      frame.clear();
      frame.done();
      print(completeLines(tested, verbose));
      if (tested.complete) printLines(terminal, [[], totalLine(tested.runbooks.length, tested.trials)]);
    },
  };
}

/** Grows at its end only. What is wrong with a runbook follows its last scene. */
function completeLines({ runbooks, complete }: TestedRunbooks, verbose: boolean): readonly Line[] {
  return runbooks.flatMap((runbook, index) => [
    ...(index === 0 ? [] : [[]]),
    runbookLine(runbook),
    ...runbook.scenes
      .filter(({ planned, trials }) => trials.length === planned)
      .flatMap((scene) => sceneLines(scene, verbose)),
    ...(complete || index < runbooks.length - 1 ? findingLines(runbook) : []),
  ]);
}

function progressLine({ current }: TestedRunbooks): Line {
  if (current === undefined) return [];
  return [span(`  … ${current.scene}: ${current.trials.length} of ${current.planned}`, 'dim')];
}
