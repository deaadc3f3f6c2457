import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestedRunbook } from '../../../cli/tested-runbooks';
import { readXml } from '../../unit/cli/read-xml';

const root = path.join(__dirname, '../../..');
let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly notes: string;
}

function switchback(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['bin/switchback.js', 'test', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  let [out, notes] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, notes })));
}

const shop = readFileSync(path.join(root, 'runbooks/shop.yaml'), 'utf8');

function written(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** The shop with a hook that nothing undoes, and one that something does. */
const planted = shop.replace(
  '\n  failback:\n    gates:',
  `
  failback:
    steps:
      - name: freeze-deploys
        before: { phase: stop }
        command: [/opt/dr/freeze-deploys, 'on']
      - name: drain
        before: { phase: traffic }
        webhook: { urlFrom: DRAIN_URL }
        inverse: { webhook: { urlFrom: DRAIN_URL } }
    gates:`,
);

test('the runbooks of the repository end as designed, whichever step fails, and each operation is tried', async () => {
  const { code, out } = await switchback('runbooks');
  expect({ code, wrong: out.includes('✗') }).toEqual({ code: 0, wrong: false });
  for (const group of ['shop (runbooks/shop.yaml)', 'intranet (runbooks/intranet.yaml)']) expect(out).toContain(group);
  const scenes = out.split('\n').filter((line) => line.includes('✓'));
  for (const scene of ['planned failover', 'failover of a lost site', 'reprotect', 'came back', 'failback'])
    expect(scenes.filter((line) => line.includes(scene)).length).toBeGreaterThanOrEqual(2);
  expect(out).toMatch(/2 runbooks, \d{3,} trials: all ended as designed\n$/);
});

test('a hook without an inverse is found, in words, as JSON and as JUnit', async () => {
  const file = written('shop.yaml', planted);
  const junit = path.join(folder, 'results/runbooks.xml');
  const { code, out } = await switchback(file, '--operation', 'failback', '--json', '--junit', junit);
  expect(code).toBe(1);
  const { ok, wrong, runbooks } = JSON.parse(out) as { ok: boolean; wrong: number; runbooks: TestedRunbook[] };
  const [{ scenes = [] } = {}] = runbooks;
  expect({ ok, scenes: scenes.map(({ scene }) => scene) }).toEqual({ ok: false, scenes: ['failback'] });
  const found = scenes.flatMap(({ trials }) => trials.flatMap((trial) => trial.wrong));
  expect(wrong).toBe(found.length);
  expect(new Set(found.map(({ code: what, subject }) => `${what} ${subject}`))).toEqual(
    new Set(['NotUndone run-command/freeze-deploys@beta']),
  );

  const report = readXml(readFileSync(junit, 'utf8'));
  expect(report.attributes).toMatchObject({ tests: `${scenes[0]?.trials.length}`, failures: `${wrong}` });
  expect(report.children.map(({ attributes }) => attributes['name'])).toEqual(['shop: failback']);

  const read = await switchback(file, '--operation', 'failback', '--operation', 'reprotect');
  expect(read.code).toBe(1);
  expect(read.out).toContain('✗ failback');
  expect(read.out).toContain('✓ reprotect');
  expect(read.out).not.toContain('planned failover');
  expect(read.out).toContain(
    '✗ NotUndone  freeze-deploys: run /opt/dr/freeze-deploys at beta: was done, and stays done',
  );
  expect(read.out).toContain('to mend it: Give the step an `inverse`');
  expect(read.out).not.toContain('drain');
});

test('with --verbose each fault is shown with its end', async () => {
  const { code, out } = await switchback('runbooks/shop.yaml', '--operation', 'reprotect', '--verbose');
  expect(code).toBe(0);
  expect(out).toContain(
    '✓ "fence alpha: nothing below epoch 2 writes there" fails → rolled back, everything as it was',
  );
  expect(out).toMatch(/"commit: .*" is done and its answer lost → completed/);
});

test('with a runbook that is not valid nothing is tried: its diagnostics are shown, and no report is written', async () => {
  written('bad.yaml', 'switchback: 1\ngroup: shop\nsites: 4\n');
  written('good.yaml', shop);
  const junit = path.join(folder, 'report.xml');
  const { code, out } = await switchback(path.join(folder, '*.yaml'), '--junit', junit);
  expect(code).toBe(3);
  expect(out).toMatch(/bad\.yaml:3:8 \w+: /);
  expect(out).toMatch(/nothing was tried\n$/);
  expect(() => readFileSync(junit)).toThrow('ENOENT');
  const json = await switchback(folder, '--json');
  expect(JSON.parse(json.out)).toMatchObject({ valid: false, diagnostics: expect.any(Array) });
});

test('a report that cannot be written is said to be so', async () => {
  const { code, notes } = await switchback(
    'runbooks/shop.yaml',
    '--operation',
    'reprotect',
    '--junit',
    '/dev/null/x.xml',
  );
  expect(code).toBe(3);
  expect(notes).toContain('InvalidInput: The JUnit report cannot be written to /dev/null/x.xml');
});
