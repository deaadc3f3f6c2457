import '../integration/patience';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Closing } from '../integration/closing';
import { findBrowser, openBrowser, type OpenBrowser } from './browser';
import { startFiveGroups, type FiveGroups } from './five-groups';
import { expectAsKept } from './kept-picture';
import { Screenshots } from './screenshots';
import { Shell } from './shell';
import { TemporalWebUi } from './temporal-web-ui';
import { TerminalScreen } from './terminal-screen';

/** Wide enough for the facts of an approval. */
const size = { columns: 152, rows: 40 };

let groups: FiveGroups;
let browser: OpenBrowser;
let screenshots: Screenshots;
let ui: TemporalWebUi;
const closing = new Closing();

beforeAll(async () => {
  browser = await openBrowser(findBrowser() ?? '');
  closing.first(() => browser.close());
  screenshots = await Screenshots.create();
  closing.first(() => screenshots.remove());
  groups = await startFiveGroups();
  closing.first(() => groups.lab.tearDown());
  ui = new TemporalWebUi(await browser.context.newPage(), groups.lab.webUi ?? '');
});
afterAll(async () => closing.close());

/** What a person does at a terminal. */
async function atTerminal(work: (screen: TerminalScreen, shell: Shell) => Promise<void>): Promise<void> {
  const screen = await TerminalScreen.open(browser.context, size);
  const shell = await Shell.start({ size, env: groups.env, output: (bytes) => screen.write(bytes) });
  try {
    await screen.until('the shell asks', (text) => text === '$');
    await work(screen, shell);
  } finally {
    await shell.end();
    await screen.close();
  }
}

/** The text without what is another each time: moments, durations, and the widths of columns that follow from them. */
const steady = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'NOW')
    .replace(
      /(evaluated|passed,|in|for|lag|cutover,|primary)( +)\d[\d.]* (?:d|h|min|ms|s)(?: \d+ (?:h|min|s))?/g,
      '$1$2AGE',
    )
    .replace(/(\S) {2,}/g, '$1  ');

describe('a person at a terminal', () => {
  test('reads why a group is not ready, and what to do', async () => {
    await atTerminal(async (screen, shell) => {
      shell.type('switchback readiness shop\r');
      await screen.until('it has been evaluated', (text) => text.endsWith('\n$'));
      shell.type('echo $?\r');
      const text = await screen.until('the exit code is there', (now) => /echo \$\?\n\d+\n\$$/.test(now));
      expect(steady(text)).toBe(`$ switchback readiness shop
shop  Not ready  evaluated NOW, in AGE
  ✗ StandbyStopped beta: web is running: one instance of epoch 1 runs (planned failover, unplanned failover)
      stop there what runs, and bring back what is missing or cannot be looked at
  ✗ RecordAsExpected shop.example.test: shop.example.test is 127.0.9.9, expected 127.0.1.1 (planned failover, unplanned failover)
      set the record to the values of the active site, or correct the runbook; mend what keeps it from being read
  ! RecordTtlHigher shop.example.test: its TTL is 3600 s, the runbook says 5 s
      set the TTL of the record to that of the runbook, or write the true one into the runbook
  ! ApproverUnknown gate cutover: cy@example.com is nobody of \`people\` (failover)
      declare the person under \`people\`, or take the name out of the gate
  ! NoticesUnset variable SHOP_CHAT_URL: it is not set
      set the variables where the worker of the control queue runs, and start it again
$ echo $?
10
$`);
      expect(await screen.colourOf(/Not ready/)).toBe('red');
      await expectAsKept('readiness', await screen.picture(15));
    });
  });

  test('watches all groups, and is given the commands that help', async () => {
    await atTerminal(async (screen, shell) => {
      shell.type('switchback status --watch\r');
      // Younger ones have a digit less.
      const young = /(evaluated|passed,|for|cutover,) \d(\.\d)? s|primary +\d(\.\d)? s +5 s, missed/;
      const text = await screen.until('nothing is young', (now) => /ctrl-c ends it$/.test(now) && !young.test(now));
      expect(steady(text)).toBe(`$ switchback status --watch
group  state  active  behind  RPO  readiness  last drill  next drill  waits for
billing  Recovering  primary  AGE  5 s  Ready  never  –  cutover
intranet  FailedOver  recovery  not replicated  –  At risk  never  –  –
shop  Protected  primary  AGE  5 s  Not ready  never  –  –
warehouse  Protected  primary  AGE  5 s, missed  Not ready  never  –  –
wiki  Protected  primary  AGE  5 s  Ready  passed, AGE ago  in AGE  –

billing
  failover  waiting for AGE  failover/billing/maintenance
    ◆ waits for an approval cutover, AGE now
        Move billing to beta?
        missing: 1 of those who may decide
        estimate 9.7 s (from the plan); service interrupted for about 3.4 s; lag AGE (data, at NOW); no data lost; no warnings
        switchback approve failover/billing/maintenance --gate cutover --by bo@example.com
        switchback reject failover/billing/maintenance --gate cutover --by bo@example.com

intranet
  readiness  At risk, 1 reason, evaluated AGE ago
    switchback readiness intranet

shop
  readiness  Not ready, 5 reasons, evaluated AGE ago
    switchback readiness shop

warehouse
  readiness  Not ready, 4 reasons, evaluated AGE ago
    switchback readiness warehouse
  ! the last pass failed: site "gamma" (127.0.5.1) does not answer

as of NOW; ctrl-c ends it`);
      expect(await screen.colourOf(/Recovering/)).toBe('cyan');
      expect(await screen.colourOf(/missed/)).toBe('red');
      expect(await screen.colourOf(/At risk/)).toBe('yellow');
      expect(await screen.colourOf(/Ready/)).toBe('green');
      await expectAsKept('status-watch', await screen.picture(31));
      shell.type('\x03');
      await screen.until('the shell asks again', (now) => now.endsWith('$'));
    });
  });
});

describe('a person at the Temporal Web UI', () => {
  test('finds the groups that are not ready', async () => {
    await ui.find(`SwitchbackReadiness = 'NotReady'`, ['protection/shop', 'protection/warehouse']);
    await screenshots.take(ui.page, 'find-not-ready', 640);
  });

  test('reads in the current details of one of them why, and what to do', async () => {
    await ui.page.getByRole('link', { name: 'protection/shop', exact: true }).click();
    await ui.page.getByTestId('workflow-id-heading').waitFor();
    const details = await ui.currentDetails('Not ready');
    expect(details).toMatch(/Readiness: Not ready, evaluated [\d-]+T[\d:.]+Z\./);
    expect(details).toContain('beta: web is running: one instance of epoch 1 runs. To do: stop there what runs');
    expect(details).toContain('its TTL is 3600 s, the runbook says 5 s. To do: set the TTL of the record');
    expect(details).toContain('and 2 more');
    await screenshots.take(ui.page, 'group-details', 890);
  });
});

test('no page asked for anything beyond this machine', () => {
  expect(browser.strayRequests).toEqual([]);
});

test.each([
  ['readiness', ['find-not-ready', 'group-details', 'readiness']],
  ['monitoring', ['status-watch']],
])('docs/guide/%s.md shows the pictures that are made here, and no other', (page, pictures) => {
  const guide = readFileSync(path.join(__dirname, '..', '..', 'docs', 'guide', `${page}.md`), 'utf8');
  const shown = [...guide.matchAll(/\]\(images\/([\w-]+)\.png\)/g)].map(([, name]) => name);
  expect(shown.sort()).toEqual(pictures);
});
