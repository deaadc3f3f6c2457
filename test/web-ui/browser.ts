import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const programs = ['chromium', 'chromium-browser', 'google-chrome'];

/** The first browser of the Chromium family on PATH; undefined: there is none. */
export function findBrowser(searchPath = process.env['PATH'] ?? ''): string | undefined {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  const candidates = programs.flatMap((program) => folders.map((folder) => path.join(folder, program)));
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The sandbox needs rights that containers seldom give; the rest keeps the browser from calling its maker, by any name. */
const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

export interface OpenBrowser {
  readonly context: BrowserContext;
  /** Addresses other than loopback that a page asked for. None of them was reached. */
  readonly strayRequests: readonly string[];
  close(): Promise<void>;
}

/** A browser without window or profile that reaches loopback only. Each call to it ends within 15 seconds. */
export async function openBrowser(executablePath: string): Promise<OpenBrowser> {
  const browser = await chromium.launch({ executablePath, args: flags, timeout: 60_000 });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  context.setDefaultTimeout(15_000);
  const strayRequests: string[] = [];
  await context.route(
    ({ protocol, hostname }) => protocol !== 'file:' && hostname !== '127.0.0.1',
    async (route) => {
      strayRequests.push(route.request().url());
      await route.abort();
    },
  );
  return { context, strayRequests, close: () => browser.close() };
}
