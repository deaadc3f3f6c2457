import { readFile } from 'node:fs/promises';
import type { TrialNews } from '../core/model/fault-trial';
import type { Operation } from '../core/model/operation';
import { formatDiagnostic } from '../core/runbook/diagnostic';
import { parseRunbook } from '../core/runbook/parse-runbook';
import { runbookTrials } from './runbook-trials';

/** `main.ts <operation,...> <file>...`: simulates them, with `TrialNews` as JSON lines on stdout. */
async function main([operations = '', ...files]: readonly string[]): Promise<void> {
  for (const file of files) {
    const parsed = parseRunbook(await readFile(file, 'utf8'), file);
    if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
    tell({ kind: 'runbook', file, group: parsed.runbook.group });
    for await (const news of runbookTrials(parsed.runbook, operations.split(',') as Operation[])) tell(news);
  }
  tell({ kind: 'end' });
}

const tell = (news: TrialNews): void => void process.stdout.write(`${JSON.stringify(news)}\n`);

void main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
