import { Option } from 'commander';
import { parseKeep } from '../keep-option';
import type { collectWindow } from '../window-option';

export const modeOption = (): Option =>
  new Option('--mode <mode>', 'of a failover: with both sites up, or without the active one').choices([
    'planned',
    'unplanned',
  ]);

export const recoveryPointOption = (): Option =>
  new Option('--recovery-point <point>', 'of an unplanned failover or a drill: "latest", an id, or an instant');

export const keepOption = (): Option =>
  new Option(
    '--keep <duration or instant>',
    'of a drill: how long its copy is held, such as 30m, or until when',
  ).argParser(parseKeep);

export const windowOption = (collect: typeof collectWindow): Option =>
  new Option(
    '--window <gate=start/length>',
    'start, length or both of a maintenance window; may be repeated',
  ).argParser(collect);
