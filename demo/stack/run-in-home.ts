import os from 'node:os';
import { exitCodeOfFailure } from '../../cli/exit-code';
import { span, type Line } from '../../cli/terminal/line';
import { safeText } from '../../cli/terminal/safe-text';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import type { Screen } from '../screen/screen';
import { claimHome, type Home, type HomeKind } from './home';
import { endProcessesOf, markOwnChildren } from './home-processes';
import { startWarden } from './start-warden';

export interface InHome {
  readonly home: Home;
  /** Aborted by ctrl-c and by other requests to end. */
  readonly signal: AbortSignal;
}

export interface HomeUse {
  readonly folder: string;
  readonly kind: HomeKind;
  readonly screen: Screen;
}

/**
 * Runs a program that starts other processes in a home, and gives its exit code. However the program ends, nothing that it
 * started is left: by itself, by ctrl-c (130), by a failure, or by SIGKILL, when the warden does what we no longer can.
 */
export async function runInHome(use: HomeUse, program: (context: InHome) => Promise<number>): Promise<number> {
  const { folder, kind, screen } = use;
  const ending = endingSignals();
  let home: Home;
  try {
    home = await claimHome(folder, kind);
  } catch (error) {
    return failed(screen, error);
  }
  markOwnChildren(folder);
  const crashed = uncaughtErrors();
  const warden = await startWarden(folder);
  try {
    return await Promise.race([program({ home, signal: ending.signal }), ending.asked, crashed]);
  } catch (error) {
    return ending.signal.aborted ? await ending.asked : failed(screen, error);
  } finally {
    screen.show(() => []);
    if (ending.signal.aborted) screen.say([], [span('stopping all that was started')]);
    await endProcessesOf(folder);
    await warden.dismiss();
    if (ending.signal.aborted) screen.say([span(`stopped; everything is kept in ${folder}`)]);
    screen.close();
  }
}

/** Listens once and for all: a second ctrl-c must not end us before everything is cleaned up. */
function endingSignals(): { readonly signal: AbortSignal; readonly asked: Promise<number> } {
  const controller = new AbortController();
  const asked = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // First the answer: what is aborted fails, and that failure is not how we end.
        resolve(128 + os.constants.signals[signal]);
        controller.abort();
      });
    }
  });
  return { signal: controller.signal, asked };
}

/**
 * Rejects with the first error that nobody caught; all that follow are dropped, so that nothing stops the cleaning up. The
 * Temporal client throws one from a timer when a call that it was going to repeat finds its connection closed.
 */
const uncaughtErrors = (): Promise<never> => new Promise((_, reject) => process.on('uncaughtException', reject));

function failed(screen: Screen, error: unknown): number {
  const known = error instanceof SwitchbackFailure;
  const message = error instanceof Error ? error.message : String(error);
  const lines = safeText(`${known ? error.code : 'Unexpected'}: ${message}`).split('\n');
  screen.say(...lines.map((line): Line => [span(line, 'red')]));
  return known ? exitCodeOfFailure(error.code) : exitCodes.failed;
}
