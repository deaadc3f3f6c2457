import type { BrowserContext, Page } from 'playwright-core';
import type { TerminalSize } from '../../cli/terminal/terminal';
import { until } from '../integration/faults/until';

/** As terminals number them. */
const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** Light on dark, each with a contrast of at least 4.5 but black, which nothing here is written in. */
const theme = {
  ...{ background: '#0d1117', foreground: '#d7dde4', black: '#484f58', white: '#d7dde4' },
  ...{ red: '#ff7b72', green: '#56d364', yellow: '#e3b341', blue: '#79c0ff', magenta: '#d2a8ff', cyan: '#56d4dd' },
};

const options = { theme, fontFamily: '"DejaVu Sans Mono", monospace', fontSize: 14, lineHeight: 1.2, scrollback: 0 };

const MARGIN = 16;
const WIDTH = 1320;
/** In pixels, of so many rows of text. */
const heightOf = (rows: number): number => 2 * MARGIN + 19 * rows;

const html = `<!doctype html>
<title>Terminal</title>
<style>body { margin: ${MARGIN}px; background: ${theme.background} }</style>
<div id="terminal"></div>`;

/** The screen of a terminal as people see it: xterm.js, which editors have as their terminal, in a page of a browser. */
export class TerminalScreen {
  private drawn: Promise<unknown> = Promise.resolve();

  private constructor(private readonly page: Page) {}

  static async open(context: BrowserContext, { columns, rows }: TerminalSize): Promise<TerminalScreen> {
    const page = await context.newPage();
    await page.setViewportSize({ width: WIDTH, height: heightOf(rows) });
    await page.setContent(html);
    await page.addStyleTag({ path: require.resolve('@xterm/xterm/css/xterm.css') });
    await page.addScriptTag({ path: require.resolve('@xterm/xterm') });
    await page.evaluate(`
      globalThis.terminal = new Terminal(${JSON.stringify({ ...options, cols: columns, rows })});
      terminal.open(document.querySelector('#terminal'));
    `);
    return new TerminalScreen(page);
  }

  /** Takes what a program has written, in order. */
  write(bytes: Buffer): void {
    const data = JSON.stringify(bytes.toString('base64'));
    const written = `new Promise((drawn) => terminal.write(Uint8Array.from(atob(${data}), (one) => one.charCodeAt(0)), drawn))`;
    this.drawn = this.drawn.then(() => this.page.evaluate(written));
  }

  /** What can be read on it, line by line. */
  async text(): Promise<string> {
    await this.drawn;
    const lines = await this.page.locator('.xterm-rows > div').allTextContents();
    return lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** Waits until it reads as wanted. */
  async until(what: string, wanted: (text: string) => boolean): Promise<string> {
    let text = '';
    await until(
      what,
      async () => wanted((text = await this.text())),
      () => text,
    );
    return text;
  }

  /** The name of the colour of the last piece of text like this. */
  async colourOf(text: RegExp): Promise<string | undefined> {
    await this.drawn;
    const piece = this.page.locator('.xterm-rows span').filter({ hasText: text }).last();
    const [, colour] = /xterm-fg-(\d)/.exec((await piece.getAttribute('class')) ?? '') ?? [];
    return colours[Number(colour)];
  }

  /** A PNG of its first rows. */
  async picture(rows: number): Promise<Buffer> {
    await this.drawn;
    return this.page.screenshot({ clip: { x: 0, y: 0, width: WIDTH, height: heightOf(rows) }, animations: 'disabled' });
  }

  async close(): Promise<void> {
    await this.drawn;
    await this.page.close();
  }
}
