import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Runbook } from '../../../core/model/runbook';
import { formatDiagnostic } from '../../../core/runbook/diagnostic';
import { parseRunbook } from '../../../core/runbook/parse-runbook';

/** runbooks/shop.yaml, parsed. */
export function parsedShop(): Runbook {
  const file = path.join(__dirname, '..', '..', '..', 'runbooks', 'shop.yaml');
  const parsed = parseRunbook(readFileSync(file, 'utf8'), file);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.runbook;
}
