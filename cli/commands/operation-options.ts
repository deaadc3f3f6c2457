import { InvalidArgumentError, Option } from 'commander';
import { parseKeep } from '../keep-option';
import { CHOICE_WORDS, parsePointChoice } from '../../core/running/point-choice';
import type { collectWindow } from '../window-option';

export const modeOption = (): Option =>
  new Option('--mode <mode>', 'of a failover: with both sites up, or without the active one').choices([
    'planned',
    'unplanned',
  ]);

export const recoveryPointOption = (): Option =>
  new Option('--recovery-point <point>', `of an unplanned failover or a drill: ${CHOICE_WORDS}`).argParser(
    collectPoint,
  );

export const keepOption = (): Option =>
  new Option(
    '--keep <duration or instant>',
    'of a drill: how long its copy is held, such as 30m, or until when',
  ).argParser(parseKeep);

export const roundTripOption = (): Option =>
  new Option('--round-trip', 'of a drill: rehearse the way back as well, with a second copy at the other site');

export function collectPoint(text: string): string {
  const choice = parsePointChoice(text);
  if (typeof choice === 'string') throw new InvalidArgumentError(choice);
  return text;
}

export const windowOption = (collect: typeof collectWindow): Option =>
  new Option(
    '--window <gate=start/length>',
    'start, length or both of a maintenance window; may be repeated',
  ).argParser(collect);
