import { readFileSync } from 'node:fs';
import path from 'node:path';
import { metricNames, metrics } from '../core/model/metrics';

const file = path.join(__dirname, '..', 'docs', 'guide', 'monitoring.md');
const begin =
  '<!-- The table is made by scripts/check-generated.ts from core/model/metrics.ts. -->\n<!-- prettier-ignore-start -->\n';
const end = '\n<!-- prettier-ignore-end -->';

/** docs/guide/monitoring.md with the table of the metrics as it is now. @throws Error when its place is not there */
export function generateMonitoringGuide(): string {
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`${file} has no place for the table of metrics`);
  return text.slice(0, from + begin.length) + table() + text.slice(to);
}

function table(): string {
  const rows = metricNames.map((name) => {
    const { type, scope, labels, help } = metrics[name];
    return [`\`${name}\``, type, scope, labels.map((label) => `\`${label}\``).join(', '), help];
  });
  const headings = ['Metric', 'Type', 'Of the', 'Labels', 'Meaning'];
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
