import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateCliReference } from './generate-cli-reference';
import { generateDashboard } from './generate-dashboard';
import { generateErrorCodes } from './generate-error-codes';
import { generateMonitoringGuide } from './generate-metrics-table';
import { generateMessagesReference } from './generate-messages-reference';
import { generateRunbookReference } from './generate-runbook-reference';
import { generateRunbookSchema } from './generate-runbook-schema';
import { generateStepKindsReference } from './generate-step-kinds-reference';

export interface GeneratedFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly content: string;
}

/** Every file of the repository that is made from its sources. */
export function generatedFiles(): GeneratedFile[] {
  return [
    { path: 'runbooks/runbook.schema.json', content: generateRunbookSchema() },
    { path: 'docs/reference/runbook.md', content: generateRunbookReference() },
    { path: 'docs/reference/cli.md', content: generateCliReference() },
    { path: 'docs/reference/error-codes.md', content: generateErrorCodes() },
    { path: 'docs/reference/messages.md', content: generateMessagesReference() },
    { path: 'docs/guide/monitoring.md', content: generateMonitoringGuide() },
    { path: 'deploy/monitoring/dashboard.json', content: generateDashboard() },
    { path: 'docs/reference/step-kinds.md', content: generateStepKindsReference() },
  ];
}

const root = path.join(__dirname, '..');

/** Paths of the files that are missing, or differ from what their sources give. */
export function staleFiles(files: readonly GeneratedFile[]): string[] {
  return files.filter((file) => read(file.path) !== file.content).map((file) => file.path);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(path.join(root, file), 'utf8');
  } catch {
    return undefined;
  }
}

/** `--write` writes the stale files; without it their names are printed and the exit code is 1. */
function main(write: boolean): number {
  const files = generatedFiles();
  const stale = staleFiles(files);
  if (!write) {
    for (const file of stale) process.stderr.write(`${file} is stale; run: npm run generate\n`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const { path: file, content } of files.filter((one) => stale.includes(one.path))) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
    process.stdout.write(`${file} written\n`);
  }
  return 0;
}

if (require.main === module) process.exitCode = main(process.argv.includes('--write'));
