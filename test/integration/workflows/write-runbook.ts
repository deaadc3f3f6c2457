import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Runbook } from '../../../core/model/runbook';
import { formatDiagnostic } from '../../../core/runbook/diagnostic';
import { parseRunbook } from '../../../core/runbook/parse-runbook';

/** Puts a runbook where the worker of that home finds it, by the name of its group. */
export async function writeRunbook(home: string, yaml: string): Promise<Runbook> {
  const folder = path.join(home, 'runbooks');
  await mkdir(folder, { recursive: true });
  const parsed = parseRunbook(yaml, 'runbook.yaml');
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  await writeFile(path.join(folder, `${parsed.runbook.group}.yaml`), yaml);
  return parsed.runbook;
}
