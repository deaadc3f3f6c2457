import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lexer, walkTokens } from 'marked';

export const root = path.join(__dirname, '../../..');

export interface Page {
  /** Relative to the root, with forward slashes. */
  readonly file: string;
  readonly text: string;
}

export interface CodeBlock {
  readonly page: string;
  readonly language: string;
  readonly code: string;
}

const atRoot = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md'];
const underDocs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .map((file) => `docs/${file.split(path.sep).join('/')}`)
  .filter((file) => file.endsWith('.md'));

/** Every page, generated ones included. */
export const pages: readonly Page[] = [...atRoot, ...underDocs.sort()].map((file) => ({ file, text: fileText(file) }));

/** The pages that people write: what they name must exist. The generated ones are compared with their sources elsewhere. */
export const writtenPages: readonly Page[] = pages.filter(({ file }) => !file.startsWith('docs/reference/'));

export function page(file: string): Page {
  const found = pages.find((one) => one.file === file);
  if (found === undefined) throw new Error(`there is no page ${file}`);
  return found;
}

export function fileText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

export function exists(file: string): boolean {
  return existsSync(path.join(root, file));
}

const fence = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** Those of lists too, without the indent that they have there. */
export function codeBlocks({ file, text }: Page): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  void walkTokens(lexer(text), (token) => {
    if (token.type === 'code') blocks.push({ page: file, language: token['lang'] ?? '', code: token['text'] });
  });
  return blocks;
}

/** The page without its code blocks, each paragraph on one line. */
export function prose({ text }: Page): string {
  return text
    .replace(fence, '')
    .replace(/\n(?!\n|[-|#]|\d+\. )/g, ' ')
    .replace(/ {2,}/g, ' ');
}

/** What stands between backticks in the prose. */
export function codeSpans(one: Page): readonly string[] {
  return [...prose(one).matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
}

/** The cells of the rows of all tables whose first head is `head`. */
export function tableRows(one: Page, head: string): readonly (readonly string[])[] {
  const lines = one.text.split('\n').map((line) =>
    line.startsWith('|')
      ? line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
      : [],
  );
  const start = lines.findIndex(([first]) => first === head);
  if (start < 0) throw new Error(`${one.file} has no table that begins with "${head}"`);
  const end = lines.findIndex((cells, index) => index > start && cells.length === 0);
  return lines.slice(start + 2, end < 0 ? undefined : end);
}
