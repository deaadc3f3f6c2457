import { Option } from 'commander';
import type { Operation } from '../../core/model/operation';
import type { collectWindow } from '../window-option';

export const operationNames: readonly Operation[] = ['failover', 'reprotect', 'failback'];

export const modeOption = (): Option =>
  new Option('--mode <mode>', 'of a failover: with both sites up, or without the active one').choices([
    'planned',
    'unplanned',
  ]);

export const recoveryPointOption = (): Option =>
  new Option('--recovery-point <point>', 'of an unplanned failover: "latest", an id, or an instant');

export const windowOption = (collect: typeof collectWindow): Option =>
  new Option(
    '--window <gate=start/length>',
    'start, length or both of a maintenance window; may be repeated',
  ).argParser(collect);
