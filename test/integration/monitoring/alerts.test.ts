import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { alertRules, alertsFile, dashboardQueries, ruleFile } from '../../unit/monitoring/monitoring-files';
import { testWithPromtool } from './promtool/promtool';

const casesFile = path.join(__dirname, 'alerts.test.yaml');
let folder: string;

beforeAll(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-alerts-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

testWithPromtool('the rules are valid, the templates of their texts included', (promtool) => {
  expect(promtool(['check', 'rules', '--lint=all', '--lint-fatal', alertsFile])).toMatchObject({ code: 0 });
});

testWithPromtool('each alert fires when it should, and not when it should not', async (promtool) => {
  // promtool compares texts as well, which are not what these cases are about.
  const groups = ruleFile().groups.map(({ rules, ...group }) => ({
    ...group,
    rules: rules.map(({ annotations: _texts, ...rule }) => rule),
  }));
  const [rules, cases] = [path.join(folder, 'alerts.yaml'), path.join(folder, 'alerts.test.yaml')];
  await writeFile(rules, stringify({ groups }));
  await writeFile(cases, (await readFile(casesFile, 'utf8')).replace('ALERTS', rules));
  expect(promtool(['test', 'rules', cases])).toEqual({ code: 0, output: expect.stringContaining('SUCCESS') });
});

interface Case {
  readonly alertname: string;
  readonly exp_alerts?: readonly unknown[];
}

test('of each alert there is a case in which it fires, and one in which it does not', async () => {
  const { tests } = parse(await readFile(casesFile, 'utf8')) as {
    readonly tests: readonly { readonly alert_rule_test: readonly Case[] }[];
  };
  const cases = tests.flatMap(({ alert_rule_test: all }) => all);
  for (const { alert } of alertRules()) {
    const own = cases.filter(({ alertname }) => alertname === alert);
    expect([alert, own.some((one) => one.exp_alerts), own.some((one) => !one.exp_alerts)]).toEqual([alert, true, true]);
  }
});

testWithPromtool('Prometheus understands every query of the dashboard', async (promtool) => {
  const rules = dashboardQueries().map((expr, index) => ({ record: `dashboard:query${index}:now`, expr }));
  const file = path.join(folder, 'dashboard.yaml');
  await writeFile(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
  expect(promtool(['check', 'rules', file])).toEqual({
    code: 0,
    output: expect.stringContaining(`${rules.length} rules found`),
  });
});

testWithPromtool('the example of a scrape is a configuration of Prometheus', async (promtool) => {
  const example = path.join(path.dirname(alertsFile), 'prometheus.yaml');
  const config = await readFile(example, 'utf8');
  const file = path.join(folder, 'prometheus.yaml');
  await writeFile(file, config.replace('alerts.yaml', alertsFile));
  expect(promtool(['check', 'config', file])).toMatchObject({ code: 0 });
});
