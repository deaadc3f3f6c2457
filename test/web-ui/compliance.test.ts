import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { buildCompliance } from '../../core/compliance/build-compliance';
import { renderCompliance } from '../../core/compliance/html/render-compliance';
import type { KeptEvidence } from '../../core/compliance/kept-evidence';
import {
  approval,
  attested,
  breached,
  drill,
  kept,
  move,
  quarter,
  sample,
  schedules,
  terms,
} from '../unit/compliance/kept';
import { findBrowser, openBrowser, type OpenBrowser } from './browser';
import { expectAsKept } from './kept-picture';

const [october, december] = [
  drill('drill/shop-monthly-2026-10-06', '2026-10-06T10:00:00.000Z'),
  drill('drill/shop-monthly-2026-12-01', '2026-12-01T10:00:00.000Z', { seconds: 41 }),
];
const failover = move('failover/shop/20261117-210000', '2026-11-17T21:00:00.000Z', 38.4, {
  gates: [
    {
      ...{ gate: 'cutover', step: 'approval/cutover', prompt: 'go?', outcome: 'passed', from: [] },
      ...{ openedAt: '2026-11-17T21:00:00.000Z', closedAt: '2026-11-17T21:00:10.000Z' },
    },
  ],
  decisions: [
    approval('ana@example.com', '2026-11-17T21:00:06.000Z'),
    approval('bo@example.com', '2026-11-17T21:00:10.000Z'),
  ],
});

/** As a group looks that had a bad week, moved once, and left one drill out. */
const shop = kept({
  entries: 2_231,
  terms: [
    terms({
      objectives: {
        ...{ rpoSeconds: 5, rtoSeconds: 60 },
        grades: [
          { name: 'gold', withinRpoPercent: 99.9, longestBreachSeconds: 600, rtoSeconds: 60 },
          { name: 'silver', withinRpoPercent: 99, rtoSeconds: 60 },
        ],
      },
      schedules: [schedules({})],
      approvals: [{ operation: 'failover', gate: 'cutover', required: 2, signed: true }],
      uncovered: ['Deployment legacy/batch'],
    }),
  ],
  samples: [
    breached(
      '2026-09-30T23:30:00.000Z',
      '2026-10-20T00:00:00.000Z',
      [['2026-10-09T04:12:00.000Z', '2026-10-09T04:19:30.000Z']],
      48,
    ),
    breached(
      '2026-10-20T00:00:00.000Z',
      '2026-11-08T00:00:00.000Z',
      [['2026-11-03T01:00:00.000Z', '2026-11-03T06:20:00.000Z']],
      19_200,
    ),
    sample('2026-11-08T06:00:00.000Z', '2026-11-17T21:00:40.000Z', {
      worst: { lagSeconds: 3.1, at: '2026-11-12T08:00:00.000Z' },
    }),
    sample('2026-11-17T21:00:40.000Z', '2026-11-17T23:30:00.000Z', {
      phase: 'FailedOver',
      activeSite: 'recovery',
      direction: 'none',
    }),
    sample('2026-11-17T23:30:00.000Z', '2027-01-01T00:30:00.000Z'),
  ],
  reports: [october, failover, december],
  attestations: [attested(october, 'passed'), attested(december, 'passed')],
});

const others: readonly KeptEvidence[] = [
  kept({ group: 'billing', entries: 2_212 }),
  kept({ group: 'intranet', entries: 310, samples: [sample('2026-12-19T00:00:00.000Z', '2027-01-01T01:00:00.000Z')] }),
];

const page = renderCompliance(buildCompliance(quarter(), [shop, ...others]));

let browser: OpenBrowser;
let folder: string;
beforeAll(async () => {
  browser = await openBrowser(findBrowser() ?? '');
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-compliance-'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opened from disk, as people do who were sent it. */
async function open(): Promise<Page> {
  const file = path.join(folder, 'compliance.html');
  await writeFile(file, page);
  const opened = await browser.context.newPage();
  await opened.goto(pathToFileURL(file).href);
  return opened;
}

test('the groups and the first of them look as they are kept', async () => {
  const opened = await open();
  const clip = { x: 0, y: 0, width: 1200, height: 1600 };
  await opened.setViewportSize(clip);
  const taken = await opened.screenshot({ clip, animations: 'disabled' });
  await opened.close();
  await expectAsKept('compliance', taken);
});

test('it asks for nothing, runs nothing, and fits the width of a phone', async () => {
  const opened = await open();
  const complaints: string[] = [];
  opened.on('console', (message) => complaints.push(message.text()));
  const requests: string[] = [];
  opened.on('request', (request) => requests.push(request.url()));
  await opened.reload();
  expect(requests).toEqual([expect.stringMatching(/^file:/)]);
  expect(complaints).toEqual([]);
  await opened.setViewportSize({ width: 390, height: 800 });
  expect(await opened.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await opened.close();
});

test('what is beyond the objective and what is not known differ in pattern, not in colour alone', async () => {
  const opened = await open();
  const fills = await opened.evaluate<readonly string[]>(
    `['within', 'beyond', 'unknown'].map((look) => getComputedStyle(document.querySelector('.strip rect.' + look)).fill)`,
  );
  expect(fills[1]).toContain('#beyond');
  expect(fills[2]).toContain('#unknown');
  expect(fills[0]).not.toContain('#');
  await opened.close();
});
