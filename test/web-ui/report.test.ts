import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { buildReport, type ReportInput } from '../../core/report/build-report';
import type { Report } from '../../core/report/report';
import { renderHtml } from '../../core/report/html/render-html';
import { rolledBack, scenarios } from '../unit/report/scenarios';
import { findBrowser, openBrowser, type OpenBrowser } from './browser';
import { expectAsKept } from './kept-picture';

/** The JSON report of the first failback of `npm run demo`; its paths and the name of its worker are replaced. */
const demoFailback: unknown = JSON.parse(readFileSync(path.join(__dirname, 'demo-failback.json'), 'utf8'));

let browser: OpenBrowser;
let folder: string;
beforeAll(async () => {
  browser = await openBrowser(findBrowser() ?? '');
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-report-'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opened from disk, as people do who were sent it. */
async function open(name: string, input: ReportInput | Report): Promise<Page> {
  const file = path.join(folder, `${name}.html`);
  await writeFile(file, renderHtml('schemaVersion' in input ? input : buildReport(input)));
  const page = await browser.context.newPage();
  await page.goto(pathToFileURL(file).href);
  return page;
}

test('the first screen and the picture look as they are kept', async () => {
  const page = await open('golden', demoFailback as Report);
  const clip = { x: 0, y: 0, width: 1200, height: 1600 };
  await page.setViewportSize(clip);
  const taken = await page.screenshot({ clip, animations: 'disabled' });
  await page.close();
  await expectAsKept('report', taken);
});

test.each(Object.entries(scenarios))(
  '%s asks for nothing, runs nothing, and fits the width of a phone',
  async (_, input) => {
    const page = await open('scenario', input);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.reload();
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.close();
  },
);

test('what is folded on the screen is printed', async () => {
  const page = await open('printed', rolledBack);
  const facts = page.locator('#steps details pre').first();
  expect(await facts.isVisible()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  expect(await facts.isVisible()).toBe(true);
  await page.close();
});

test('text can be read on light and dark screens', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open(colorScheme, rolledBack);
    await page.emulateMedia({ colorScheme });
    const ratios = await page.evaluate<readonly { readonly what: string; readonly ratio: number }[]>(contrasts);
    expect(ratios.length).toBeGreaterThan(5);
    // WCAG 2.2, success criterion 1.4.3.
    expect(ratios.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
    await page.close();
  }
});

/** Contrast of text and ground by the formula of WCAG 2.2, of one element a kind. */
const contrasts = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|transparent/.test(color)) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  return ['h1', 'h2', '.verdict', '.lead', '.attention strong', '.tile h3', '.tile .value', 'td', 'th', 'summary', 'code', 'footer', 'figcaption'].flatMap((what) => {
    const element = document.querySelector(what);
    if (!element) return [];
    const [light, dark] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((a, b) => b - a);
    return [{ what, ratio: (light + 0.05) / (dark + 0.05) }];
  });
})()`;
