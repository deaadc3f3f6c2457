import { formatBytes } from '../terminal/format';
import type { StepProgress } from './run-snapshot';

const BAR_WIDTH = 12;

/** "copying orders.log ███░░░░░░░░░ 20.0 MiB of 80.0 MiB" */
export function progressText({ doing, done, total, unit }: StepProgress): string {
  if (done === undefined) return doing;
  if (total === undefined || total <= 0) return `${doing} ${amount(done, unit)}`;
  const filled = Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH));
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  return `${doing} ${bar} ${amount(done, unit)} of ${amount(total, unit)}`;
}

const amount = (number: number, unit: StepProgress['unit']): string =>
  unit === 'bytes' ? formatBytes(number) : `${number}${unit === undefined ? '' : ` ${unit}`}`;
