import { panels, type PanelSpec } from './dashboard-panels';

const HEIGHT = 8;
const ROW_WIDTH = 24;

/** deploy/monitoring/dashboard.json: import it in Grafana and choose the Prometheus data source. */
export function generateDashboard(): string {
  const dashboard = {
    title: 'Switchback',
    uid: 'switchback',
    description: 'Protection groups: lag, readiness, runs, drills. Made by scripts/generate-dashboard.ts.',
    tags: ['switchback', 'disaster-recovery'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-24h', to: 'now' },
    templating: { list: [dataSource, groups] },
    panels: placed(),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

const prometheus = { type: 'prometheus', uid: '${datasource}' };
const dataSource = { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' };
const groups = {
  name: 'group',
  label: 'Group',
  type: 'query',
  datasource: prometheus,
  query: { query: 'label_values(switchback_group_phase, group)', refId: 'groups' },
  refresh: 2,
  multi: true,
  includeAll: true,
  current: { text: 'All', value: '$__all' },
};

function placed(): readonly object[] {
  let [x, y] = [0, 0];
  return panels.map((panel, index) => {
    if (x + panel.width > ROW_WIDTH) [x, y] = [0, y + HEIGHT];
    const gridPos = { x, y, w: panel.width, h: HEIGHT };
    x += panel.width;
    return { id: index + 1, gridPos, ...panelOf(panel) };
  });
}

function panelOf({ title, kind, queries, unit, description, labelsOnly, names, redFrom }: PanelSpec): object {
  const isTable = kind === 'table';
  const steps = [{ color: 'green', value: null }, ...(redFrom === undefined ? [] : [{ color: 'red', value: redFrom }])];
  const mappings = names && [
    {
      type: 'value',
      options: Object.fromEntries(Object.entries(names).map(([value, text]) => [value, { text }])),
    },
  ];
  return {
    title,
    description,
    type: kind,
    datasource: prometheus,
    fieldConfig: {
      defaults: { unit, thresholds: { mode: 'absolute', steps }, ...(mappings && { mappings }) },
      overrides: [],
    },
    targets: queries.map(([expr, legend], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: prometheus,
      expr,
      ...(isTable ? { format: 'table', instant: true } : { legendFormat: legend }),
    })),
    ...(isTable && {
      transformations: [
        { id: 'organize', options: { excludeByName: { Time: true, ...(labelsOnly && { Value: true }) } } },
      ],
    }),
  };
}
