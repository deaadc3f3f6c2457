import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';

const images = path.join(__dirname, '..', '..', 'docs', 'guide', 'images');

/** Pictures of a page. Kept as those of the guide with UPDATE_SCREENSHOTS=1, else taken all the same and removed. */
export class Screenshots {
  /** File names of those that were taken. */
  readonly taken: string[] = [];

  private constructor(
    private readonly folder: string,
    private readonly kept: boolean,
  ) {}

  static async create(): Promise<Screenshots> {
    const kept = process.env['UPDATE_SCREENSHOTS'] === '1';
    const folder = kept ? images : await mkdtemp(path.join(os.tmpdir(), 'switchback-screenshots-'));
    await mkdir(folder, { recursive: true });
    return new Screenshots(folder, kept);
  }

  /** `<name>.png` of what the window shows; `height` in pixels for a page that is longer than the window. */
  async take(page: Page, name: string, height?: number): Promise<void> {
    const window = page.viewportSize();
    if (window !== null && height !== undefined) await page.setViewportSize({ ...window, height });
    // Clicks scroll as far as they need.
    await page.evaluate("document.querySelector('h1').scrollIntoView({ block: 'center', behavior: 'instant' })");
    // Notices of what was done before lie over the page, and what moves looks different each time.
    await page.screenshot({
      path: path.join(this.folder, `${name}.png`),
      animations: 'disabled',
      style: '[role=log] { display: none }',
    });
    if (window !== null && height !== undefined) await page.setViewportSize(window);
    this.taken.push(`${name}.png`);
  }

  async remove(): Promise<void> {
    if (!this.kept) await rm(this.folder, { recursive: true, force: true });
  }
}
