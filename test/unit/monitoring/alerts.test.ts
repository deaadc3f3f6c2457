import { readFileSync } from 'node:fs';
import { metricNames } from '../../../core/model/metrics';
import { alertRules, dashboardQueries, guideFile, unknownMetrics } from './monitoring-files';

const guide = readFileSync(guideFile, 'utf8');
const anchors = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
  heading.toLowerCase().replaceAll(' ', '-'),
);

describe.each(alertRules())('$alert', ({ alert, expr, labels, annotations }) => {
  test('uses only metrics that are exported', () => expect(unknownMetrics(expr)).toEqual([]));
  test('says what is wrong, how bad it is, and where it is written what to do', () => {
    expect(annotations['summary']).toMatch(/\S/);
    expect(annotations['description']).toMatch(/\.$/);
    expect(['warning', 'critical']).toContain(labels['severity']);
    const [file, anchor] = (annotations['runbook_url'] ?? '').split('#');
    expect(file).toBe('docs/guide/monitoring.md');
    expect(anchor).toBe(alert.toLowerCase());
    expect(anchors).toContain(anchor);
  });
});

test.each(dashboardQueries())('the dashboard asks for what is exported: %s', (query) => {
  expect(unknownMetrics(query)).toEqual([]);
});

test('a metric that nothing exports is found', () => {
  expect(unknownMetrics('sum(switchback_runs_totals) / up > switchback_step_duration_seconds_count')).toEqual([
    'switchback_runs_totals',
  ]);
});

test('the guide describes no alert that is not there', () => {
  const described = [...guide.matchAll(/^### (Switchback\w+)$/gm)].map(([, name]) => name);
  expect(described.sort()).toEqual(
    alertRules()
      .map(({ alert }) => alert)
      .sort(),
  );
});

test.each(metricNames)('%s is used by an alert or the dashboard', (name) => {
  const queries = [...alertRules().map(({ expr }) => expr), ...dashboardQueries()];
  expect(queries.some((query) => new RegExp(`\\b${name}(?:_bucket|_count)?\\b`).test(query))).toBe(true);
});
