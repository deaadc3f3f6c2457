import { writeFile } from 'node:fs/promises';
import { buildCompliance } from '../../core/compliance/build-compliance';
import type { ComplianceReport, ComplianceVerdict } from '../../core/compliance/compliance-report';
import { renderCompliance } from '../../core/compliance/html/render-compliance';
import { periodOf } from '../../core/compliance/period';
import { renderCsv, type ComplianceTable } from '../../core/compliance/render-csv';
import { SwitchbackFailure } from '../../core/model/failure';
import { exitCodes } from '../../core/model/verdict';
import { evidenceAt } from '../evidence/evidence-at';
import { renderLine } from '../terminal/line';
import { safeJson } from '../terminal/safe-text';
import { plainStyle, type Style } from '../terminal/style';
import type { Terminal } from '../terminal/terminal';
import { complianceLines } from '../views/compliance-view';
import { readEvidence } from './read-evidence';

export interface ComplianceOptions {
  readonly quarter?: string;
  readonly from?: string;
  readonly to?: string;
  readonly timeZone: string;
  readonly format: 'text' | 'html' | 'csv' | 'json';
  readonly json?: true;
  readonly table?: ComplianceTable;
  readonly out?: string;
  readonly store?: string;
}

const exitCodeByVerdict: Readonly<Record<ComplianceVerdict, number>> = {
  compliant: exitCodes.done,
  'not-compliant': exitCodes.failed,
  'not-provable': exitCodes.unavailable,
};

/** Reads the evidence and tells what it proves; gives the exit code. */
export async function makeCompliance(
  terminal: Terminal,
  groups: readonly string[],
  options: ComplianceOptions,
): Promise<number> {
  const format = options.json ? 'json' : options.format;
  if (options.table !== undefined && format !== 'csv')
    throw new SwitchbackFailure('InvalidInput', '--table chooses one table of CSV: give --format csv as well');
  const period = periodOf(options, new Date().toISOString());
  const placed = await evidenceAt(terminal.env, options.store);
  const report = buildCompliance(period, await readEvidence(placed, groups));
  const toFile = options.out !== undefined;
  const text = rendered(report, {
    format,
    table: options.table ?? 'tests',
    style: toFile ? plainStyle : terminal.style,
  });
  if (options.out === undefined) terminal.out(text.replace(/\n$/, ''));
  else await writeTo(options.out, text);
  return exitCodeByVerdict[report.verdict];
}

interface Form {
  readonly format: ComplianceOptions['format'];
  readonly table: ComplianceTable;
  readonly style: Style;
}

function rendered(report: ComplianceReport, { format, table, style }: Form): string {
  switch (format) {
    case 'html':
      return renderCompliance(report);
    case 'csv':
      return renderCsv(report, table);
    case 'json':
      return `${safeJson(report, 2)}\n`;
    case 'text':
      return `${complianceLines(report)
        .map((line) => renderLine(line, style))
        .join('\n')}\n`;
  }
}

async function writeTo(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new SwitchbackFailure('InvalidInput', `${file} cannot be written: ${because}`);
  }
}
