import { rmSync } from 'node:fs';
import path from 'node:path';
import { isolateSite, killSiteProcesses } from '../../../drivers/local/lab/disaster';
import { berlin, context, createLab, group, mutation, paris, type Lab } from './lab';

let lab: Lab;
beforeEach(() => (lab = createLab()));
afterEach(async () => lab.remove());

test('a healthy site answers, and each finding says what was seen', async () => {
  const health = await lab.driver.siteHealth(paris, context);
  expect(health).toMatchObject({ site: 'paris', reachable: true });
  expect(health.findings.map((finding) => [finding.name, finding.ok])).toEqual([
    ['folder', true],
    ['disk space', true],
    ['address', true],
  ]);
});

test('a cut-off site is reported as unreachable, not thrown', async () => {
  await isolateSite(lab.folder, paris);
  expect(await lab.driver.siteHealth(paris, context)).toMatchObject({ reachable: false });
});

test('an address that this machine does not have is named with what to do', async () => {
  const health = await lab.driver.siteHealth({ ...paris, address: '203.0.113.7' }, context);
  const finding = health.findings.find((candidate) => candidate.name === 'address');
  expect(finding).toMatchObject({ ok: false, saw: expect.stringContaining('LabAddressMissing') });
  expect(finding?.fix).toContain('203.0.113.7');
});

test('two sites that reach each other are connected, with the round trip measured', async () => {
  const seen = await lab.driver.connectivity(paris, berlin, context);
  expect(seen).toMatchObject({ from: 'paris', to: 'berlin', ok: true });
  expect(seen.latencyMs).toBeGreaterThan(0);
});

test.each([
  ['the near site is cut off', async () => isolateSite(lab.folder, paris), 'paris'],
  ['the far site is cut off', async () => isolateSite(lab.folder, berlin), 'berlin'],
  [
    'the folder of the far site is gone',
    async () => rmSync(path.join(lab.folder, 'berlin'), { recursive: true }),
    'berlin',
  ],
])('not connected when %s', async (_, break_, named) => {
  await break_();
  const seen = await lab.driver.connectivity(paris, berlin, context);
  expect(seen).toMatchObject({ ok: false, saw: `site "${named}" does not answer` });
});

test('not connected from an address that this machine does not have', async () => {
  const seen = await lab.driver.connectivity({ ...paris, address: '203.0.113.7' }, berlin, context);
  expect(seen).toMatchObject({ ok: false, saw: expect.stringContaining('203.0.113.7') });
});

test('a disaster kills the processes of one site and not those of the other', async () => {
  const spec = await lab.workload('stubborn.js');
  await lab.driver.start(paris, spec, mutation(1), context);
  await lab.driver.start(berlin, spec, mutation(1), context);
  await isolateSite(lab.folder, paris);
  expect(await killSiteProcesses(lab.folder, paris)).toHaveLength(1);
  expect(await killSiteProcesses(lab.folder, paris)).toHaveLength(0);
  expect(await lab.driver.inspect(berlin, group, [spec], context)).toMatchObject([{ status: 'running' }]);
});
