import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { metricNames } from '../../../core/model/metrics';

const root = path.join(__dirname, '..', '..', '..');
export const alertsFile = path.join(root, 'deploy', 'monitoring', 'alerts.yaml');
export const guideFile = path.join(root, 'docs', 'guide', 'monitoring.md');

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly AlertRule[] }[];
}

export const ruleFile = (): RuleFile => parse(readFileSync(alertsFile, 'utf8')) as RuleFile;

export const alertRules = (): readonly AlertRule[] => ruleFile().groups.flatMap(({ rules }) => rules);

/** The queries of the dashboard, with every group in the place of its variable. */
export function dashboardQueries(): readonly string[] {
  const file = path.join(root, 'deploy', 'monitoring', 'dashboard.json');
  const { panels } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replaceAll('$group', '.*')));
}

/** Names of series, besides what Prometheus itself knows of a scrape. */
const series: ReadonlySet<string> = new Set([
  'up',
  ...metricNames.flatMap((name) => [name, ...['bucket', 'sum', 'count'].map((part) => `${name}_${part}`)]),
]);

/** What a query names that nothing exports. */
export const unknownMetrics = (query: string): readonly string[] =>
  [...query.matchAll(/\b(?:up|(?:switchback|temporal)_\w+)\b/g)]
    .map(([name]) => name)
    .filter((name) => !series.has(name));
