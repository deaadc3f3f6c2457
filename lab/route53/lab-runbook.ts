import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import type { Runbook } from '../../core/model/runbook';
import { formatDiagnostic } from '../../core/runbook/diagnostic';
import { parseRunbook } from '../../core/runbook/parse-runbook';

export interface LabRunbook {
  /** "shop.yaml" */
  readonly fileName: string;
  readonly text: string;
  readonly runbook: Runbook;
}

/** Throws with every fault of the runbook. */
export async function readLabRunbook(file: string): Promise<LabRunbook> {
  const text = await readFile(file, 'utf8');
  const parsed = parseRunbook(text, file);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return { fileName: path.basename(file), text, runbook: parsed.runbook };
}

/** The text of a runbook whose records in Route 53 are asked for at this name server, as everything else of it stays. */
export function labRunbook(text: string, nameServer: string): string {
  const document = parseDocument(text);
  const traffic = document.get('traffic');
  for (const record of isSeq(traffic) ? traffic.items : []) {
    const provider = isMap(record) ? record.get('provider') : undefined;
    if (!isMap(provider) || provider.get('driver') !== 'route53') continue;
    provider.set('nameServers', [nameServer]);
    provider.set('resolver', nameServer);
  }
  return document.toString({ lineWidth: 0 });
}
