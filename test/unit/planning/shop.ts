import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Runbook } from '../../../core/model/runbook';
import { formatDiagnostic } from '../../../core/runbook/diagnostic';
import { parseRunbook } from '../../../core/runbook/parse-runbook';

/** runbooks/shop.yaml, parsed. */
export const parsedShop = (): Runbook => publishedRunbook('shop.yaml');

export const runbooksFolder = path.join(__dirname, '..', '..', '..', 'runbooks');

/** A file of the folder runbooks, parsed. */
export function publishedRunbook(name: string): Runbook {
  const file = path.join(runbooksFolder, name);
  const parsed = parseRunbook(readFileSync(file, 'utf8'), file);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.runbook;
}
