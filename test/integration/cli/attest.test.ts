import '../patience';
import type { Report } from '../../../core/report/report';
import { until } from '../faults/until';
import { startInstallation, type Installation } from './installation';

/** One installation and one story: each test goes on where the one before it stopped. */
let lab: Installation;
beforeAll(async () => {
  lab = await startInstallation();
}, 1_300_000);
afterAll(() => lab.stop());

const attest = (drill: string, verdict: string, ...more: readonly string[]) =>
  lab.cli('attest', drill, verdict, '--notes', 'as it should be', ...more);

const hold = (id: string) => lab.cli('run', 'drill', 'shop', '--workflow-id', id, '--wait');

test('there is nothing to attest before a drill was held, and only drills are attested', async () => {
  await until('the group is protected', async () => (await lab.cli('status', 'shop')).out.includes('Protected'));
  const none = await attest('shop', 'passed');
  expect([none.code, none.notes]).toEqual([
    4,
    expect.stringContaining('no drill of group "shop" waits to be attested: none'),
  ]);
  const other = await attest('protection/shop', 'passed');
  expect([other.code, other.notes]).toEqual([3, expect.stringContaining('only drills are attested')]);
  expect((await attest('drill/shop/nothing', 'passed')).code).toBe(3);
  expect((await attest('shop', 'well')).code).toBe(3);
  expect((await lab.cli('attest', 'shop', 'passed')).notes).toContain('--notes');
});

test('status counts the drills that wait, names them and gives the command', async () => {
  expect((await hold('drill/shop/first')).code).toBe(0);
  expect((await hold('drill/shop/second')).code).toBe(0);
  const counted = '2 held: 0 passed, 0 failed, 2 not attested';
  await until('both are counted', async () => (await lab.cli('status', 'shop')).out.includes(counted));
  const { out } = await lab.cli('status', 'shop');
  expect(out).toContain("switchback attest drill/shop/first passed --notes '...'");
  expect(out.indexOf('drill/shop/second')).toBeLessThan(out.indexOf('drill/shop/first'));
  const report = await lab.cli('report', 'drill/shop/first');
  expect(report.out).toMatch(/\| Attested \| by nobody yet: `attestation\/drill\/shop\/first\/[0-9a-f]{8}` waits/);
});

test('the newest is attested by the name of the group, with what it was; it is in its report, and cannot be said again', async () => {
  const { code, out, notes } = await attest('shop', 'passed', '--by', 'bo', '--evidence', 'https://wiki.example.com/7');
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('attested as passed drill/shop/second') });
  expect(notes).toMatch(
    /drill\/shop\/second: completed: every step is done and verified; took .*its copy at beta was healthy/,
  );
  const again = await attest('drill/shop/second', 'failed');
  expect([again.code, again.notes]).toEqual([
    4,
    expect.stringMatching(/bo has attested this drill as passed at .*that stands/),
  ]);
  const report = await lab.json('report', 'drill/shop/second');
  expect((report.value as Report).attestation).toMatchObject({
    state: 'passed',
    reminders: 0,
    said: { by: 'bo', notes: 'as it should be', evidence: 'https://wiki.example.com/7', via: 'update' },
  });
  const { out: markdown } = await lab.cli('report', 'drill/shop/second');
  expect(markdown).toContain('| Attested as | **passed** by bo |');
  expect(markdown).toContain('| By | `bo`, claimed |');
});

test('a drill is attested as failed by its id; as JSON', async () => {
  const { code, value } = await lab.json('attest', 'drill/shop/first', 'failed', '--notes', 'prices were old');
  expect(code).toBe(0);
  expect(value).toMatchObject({
    accepted: true,
    workflowId: 'drill/shop/first',
    payload: { by: 'ana@example.com', verdict: 'failed', planHash: expect.any(String) },
  });
  await until('it is counted', async () => (await lab.cli('status', 'shop')).out.includes('1 passed, 1 failed, 0 not'));
  const none = await attest('shop', 'passed');
  expect([none.code, none.notes]).toEqual([
    4,
    expect.stringContaining('ana@example.com has attested drill/shop/first as failed'),
  ]);
});

test('a drill that still runs is not attested, nor one that was terminated', async () => {
  await lab.cli('run', 'drill', 'shop', '--workflow-id', 'drill/shop/third', '--keep', '10m');
  const running = await attest('drill/shop/third', 'passed');
  expect([running.code, running.notes]).toEqual([4, expect.stringContaining('drill/shop/third still runs')]);
  await lab.terminate('drill/shop/third');
  const terminated = await attest('drill/shop/third', 'passed');
  expect([terminated.code, terminated.notes]).toEqual([
    4,
    expect.stringContaining('nobody is asked about drill/shop/third'),
  ]);
});
