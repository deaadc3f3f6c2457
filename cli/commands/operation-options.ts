import { InvalidArgumentError, Option } from 'commander';
import type { Operation } from '../../core/model/operation';
import { CHOICE_WORDS, parsePointChoice } from '../../core/running/point-choice';
import type { collectWindow } from '../window-option';

export const operationNames: readonly Operation[] = ['failover', 'reprotect', 'failback'];

export const modeOption = (): Option =>
  new Option('--mode <mode>', 'of a failover: with both sites up, or without the active one').choices([
    'planned',
    'unplanned',
  ]);

export const recoveryPointOption = (): Option =>
  new Option('--recovery-point <point>', `of an unplanned failover: ${CHOICE_WORDS}`).argParser(collectPoint);

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
