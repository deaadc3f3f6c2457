import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { dependencies, devDependencies } from '../../../package.json';

/** Each row is a file of a small tree: what it imports, and the rules that must bite; none: it is allowed. */
interface Row {
  readonly file: string;
  readonly imports: string;
  readonly bitten: readonly string[];
}

const row = (file: string, imports: string, ...bitten: string[]): Row => ({ file, imports, bitten });

const rows: readonly Row[] = [
  row('core/model/allowed.ts', './plain'),
  row('core/model/sees-runbook.ts', '../runbook/plain', 'model-sees-itself'),
  row('core/model/sees-zod.ts', 'zod', 'model-sees-itself'),
  row('core/runbook/allowed-yaml.ts', 'yaml'),
  row('core/runbook/allowed-zod.ts', 'zod'),
  row('core/running/allowed-calendar.ts', 'temporal-polyfill'),
  row('core/planning/sees-node.ts', 'node:crypto', 'core-is-pure'),
  row('core/planning/sees-temporal.ts', '@temporalio/common', 'core-is-pure'),
  row('core/planning/sees-driver.ts', '../../drivers/ports', 'core-is-pure'),
  row('core/planning/sees-types-of-driver.ts', 'type ../../drivers/ports', 'core-is-pure'),
  row('core/planning/circle-a.ts', './circle-b', 'no-cycle'),
  row('core/planning/circle-b.ts', './circle-a', 'no-cycle'),
  row('core/planning/leads-nowhere.ts', './nowhere', 'no-unresolved', 'core-is-pure'),
  row('core/planning/sees-tool.ts', 'fast-check', 'declared-packages-only', 'core-is-pure'),

  row('core/report/html/allowed-renderer.ts', 'preact'),
  row('core/report/html/sees-yaml.ts', 'yaml', 'report-as-html-sees'),
  row('core/report/sees-renderer.ts', 'preact', 'core-is-pure'),
  row('workflows/reaches-html.ts', '../core/report/html/allowed-renderer', 'workflows-reach-no-html'),

  row('workflows/allowed-model.ts', '../core/model/plain'),
  row('workflows/allowed-running.ts', '../core/running/plain'),
  row('workflows/allowed-report.ts', '../core/report/plain'),
  row('workflows/allowed-zod.ts', 'zod'),
  row('workflows/allowed-api.ts', '@temporalio/workflow'),
  row('workflows/allowed-contract.ts', 'type ../activities/contract'),
  row('workflows/allowed-inline-types.ts', 'inline-type ../activities/contract'),
  row('workflows/sees-contract-values.ts', '../activities/contract', 'workflows-see-only-types-of-activities'),
  row('workflows/sees-activity.ts', 'type ../activities/plain', 'workflows-see'),
  row('workflows/sees-planning.ts', '../core/planning/plain', 'workflows-see'),
  row('workflows/sees-client.ts', '@temporalio/client', 'workflows-see'),
  row('workflows/sees-driver.ts', '../drivers/local/plain', 'workflows-see'),
  row('workflows/sees-node.ts', 'node:fs', 'workflows-see', 'workflows-reach-no-node'),
  row('workflows/reaches-node.ts', '../core/running/reaches-node', 'workflows-reach-no-node'),
  row('core/running/reaches-node.ts', 'path', 'core-is-pure'),
  row('workflows/reaches-yaml.ts', '../core/report/reaches-yaml', 'workflows-reach-no-yaml'),
  row('core/report/reaches-yaml.ts', 'yaml'),

  row('activities/contract.ts', '../core/model/plain', 'contract-is-types-only'),
  row('activities/allowed-core.ts', '../core/planning/plain'),
  row('activities/allowed-driver.ts', '../drivers/local/plain'),
  row('activities/allowed-node.ts', 'node:fs'),
  row('activities/allowed-api.ts', '@temporalio/activity'),
  row('activities/sees-workflow.ts', '../workflows/plain', 'activities-see'),
  row('activities/sees-workflow-api.ts', '@temporalio/workflow', 'activities-see'),
  row('activities/sees-client-of-driver.ts', 'pg', 'activities-see'),

  row('drivers/ports.ts', 'type ../core/model/plain'),
  row('drivers/local/allowed-model.ts', '../../core/model/plain'),
  row('drivers/local/allowed-ports.ts', '../ports'),
  row('drivers/local/allowed-client.ts', 'dns-packet'),
  row('drivers/local/allowed-retention.ts', '../../core/running/retention'),
  row('drivers/local/allowed-node.ts', 'node:fs'),
  row('drivers/local/sees-planning.ts', '../../core/planning/plain', 'drivers-see'),
  row('drivers/local/sees-temporal.ts', '@temporalio/activity', 'drivers-see', 'driver-local-own-client'),
  row('drivers/local/sees-other-driver.ts', '../memory/plain', 'drivers-keep-apart'),
  row('drivers/local/sees-other-client.ts', 'pg', 'driver-local-own-client'),
  row('drivers/memory/sees-client.ts', 'dns-packet', 'driver-memory-own-client'),
  row('drivers/route53/allowed-client.ts', '@aws-sdk/client-route-53'),
  row('drivers/route53/sees-other-client.ts', 'pg', 'driver-route53-own-client'),
  row('drivers/check/allowed-client.ts', 'pg'),
  row('drivers/kubernetes/sees-other-client.ts', 'pg', 'driver-kubernetes-own-client'),
  row('drivers/check/sees-other-client.ts', 'commander', 'drivers-see', 'driver-check-own-client'),

  row('temporal/allowed-model.ts', '../core/model/plain'),
  row('temporal/allowed-client.ts', '@temporalio/client'),
  row('temporal/allowed-node.ts', 'node:zlib'),
  row('evidence/allowed-chain.ts', '../core/evidence/plain'),
  row('evidence/sees-client.ts', '@temporalio/client', 'evidence-sees'),
  row('core/compliance/html/allowed-renderer.ts', 'preact'),
  row('temporal/sees-planning.ts', '../core/planning/plain', 'temporal-sees'),
  row('temporal/sees-worker-api.ts', '@temporalio/worker', 'temporal-sees'),
  row('activities/allowed-temporal.ts', '../temporal/plain'),
  row('drivers/local/sees-data-converter.ts', '../../temporal/plain', 'drivers-see'),
  row('cli/allowed-temporal.ts', '../temporal/plain'),

  row('cli/allowed-core.ts', '../core/planning/plain'),
  row('cli/allowed-messages.ts', '../workflows/messages'),
  row('cli/allowed-client.ts', '@temporalio/client'),
  row('cli/sees-workflow.ts', '../workflows/plain', 'cli-sees'),
  row('cli/sees-driver.ts', '../drivers/local/plain', 'cli-sees'),
  row('cli/sees-activity.ts', '../activities/plain', 'cli-sees'),
  row('cli/sees-worker-api.ts', '@temporalio/worker', 'cli-sees'),
  row('cli/sees-workers.ts', '../workers/plain', 'cli-sees', 'workers-is-the-composition-root'),
  row('cli/sees-demo.ts', '../demo/plain', 'cli-sees', 'product-sees-no-test-or-demo'),

  row('cli/sees-simulation.ts', '../simulation/plain', 'cli-sees', 'simulation-is-a-program'),

  row('simulation/allowed-core.ts', '../core/planning/plain'),
  row('simulation/allowed-bodies.ts', '../activities/steps/plain'),
  row('simulation/allowed-contract.ts', 'type ../activities/contract'),
  row('simulation/allowed-memory.ts', '../drivers/memory/plain'),
  row('simulation/allowed-ports.ts', 'type ../drivers/ports'),
  row('simulation/allowed-node.ts', 'node:crypto'),
  row('simulation/sees-activities.ts', '../activities/plain', 'simulation-sees'),
  row('simulation/sees-local.ts', '../drivers/local/plain', 'simulation-sees'),
  row('simulation/sees-client.ts', '@temporalio/client', 'simulation-sees'),
  row('simulation/sees-cli.ts', '../cli/plain', 'simulation-sees', 'nobody-sees-the-cli'),
  row('simulation/sees-test.ts', '../test/plain', 'simulation-sees', 'product-sees-no-test-or-demo'),

  row('workers/allowed-all.ts', '../activities/plain'),
  row('workers/sees-cli.ts', '../cli/plain', 'nobody-sees-the-cli'),
  row('workers/sees-test.ts', '../test/plain', 'product-sees-no-test-or-demo'),
  row('demo/allowed-workers.ts', '../workers/plain'),
  row('lab/allowed-workers.ts', '../workers/plain'),
  row('workers/sees-lab.ts', '../lab/plain', 'product-sees-no-test-or-demo'),
  row('test/allowed-workers.ts', '../workers/plain'),
  row('scripts/sees-workers.ts', '../workers/plain', 'workers-is-the-composition-root'),
];

const root = path.resolve(__dirname, '../../..');
const config = path.join(root, '.dependency-cruiser.cjs');
let folder: string;
let found: Map<string, Set<string>>;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'switchback-rule-')));
  await writeTree();
  found = await cruise();
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(rows.filter(({ bitten }) => bitten.length > 0))(
  '$file -> $imports is refused by $bitten',
  ({ file, bitten }) => {
    expect([...(found.get(file) ?? [])].sort()).toEqual([...bitten].sort());
  },
);

test.each(rows.filter(({ bitten }) => bitten.length === 0))('$file -> $imports is allowed', ({ file }) => {
  expect(found.get(file)).toBeUndefined();
});

test('each rule has a file that it bites', () => {
  const { forbidden } = createRequire(__filename)(config) as { forbidden: { name: string }[] };
  const bitten = new Set(rows.flatMap((each) => each.bitten));
  expect(forbidden.map(({ name }) => name).filter((name) => !bitten.has(name))).toEqual([]);
});

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), text);
}

const clauses: Readonly<Record<string, string>> = {
  value: '{ plain }',
  type: 'type { plain }',
  'inline-type': '{ type plain }',
};

async function writeTree(): Promise<void> {
  const targets = new Set<string>();
  for (const { file, imports } of rows) {
    const [target = '', kind = 'value'] = imports.split(' ').reverse();
    const use = kind === 'value' ? 'export const own = plain;' : 'export type Own = typeof plain;';
    await write(file, `import ${clauses[kind]} from '${target}';\n${use}\n`);
    const resolved = `${path.posix.join(path.posix.dirname(file), target)}.ts`;
    if (target.startsWith('.') && target !== './nowhere') targets.add(resolved);
  }
  for (const { file } of rows) targets.delete(file);
  for (const file of targets) await write(file, 'export const plain = 1;\n');

  await write('package.json', JSON.stringify({ dependencies, devDependencies }));
  await write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext' } }));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    await write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    await write(`node_modules/${name}/index.js`, 'exports.plain = 1;\n');
  }
}

/** Rules by the file that they bit. */
async function cruise(): Promise<Map<string, Set<string>>> {
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, '--config', config, '--output-type', 'json', '.'];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64_000_000 }, (error, stdout, stderr) =>
      stdout.startsWith('{') ? resolve(stdout) : reject(error ?? new Error(stderr)),
    );
  });
  const { summary } = JSON.parse(output) as { summary: { violations: Violation[] } };
  const byFile = new Map<string, Set<string>>();
  for (const { from, cycle = [], rule } of summary.violations) {
    // A circle is reported once, at any of its members.
    for (const file of [from, ...cycle.map(({ name }) => name)]) {
      byFile.set(file, (byFile.get(file) ?? new Set()).add(rule.name));
    }
  }
  return byFile;
}

interface Violation {
  readonly from: string;
  readonly cycle?: readonly { readonly name: string }[];
  readonly rule: { readonly name: string };
}
