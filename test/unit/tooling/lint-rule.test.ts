import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const core = 'core/model/a.ts';
const workflow = 'workflows/a.ts';
const driver = 'drivers/a.ts';
const longDriver = 'drivers/long.ts';
const cli = 'cli/a.ts';
const unitTest = 'test/unit/a.test.ts';

const setHandler = '((options: object): object => options)';

/** `$` stands for a name of its own in each line; no rule: the line is allowed. */
const cases: readonly (readonly [file: string, line: string, rule?: string])[] = [
  [core, "import 'node:fs';", 'no-restricted-imports'],
  [core, "import 'fs/promises';", 'no-restricted-imports'],
  [core, 'export const $ = process.pid;', 'no-restricted-globals'],
  [core, 'export const $ = Date.now();', 'no-restricted-syntax'],
  [core, 'export const $ = new Date();', 'no-restricted-syntax'],
  [core, "export const $ = new Date('2026-01-01');"],
  [core, 'export const $ = Math.random();', 'no-restricted-syntax'],
  [workflow, "import 'node:crypto';", 'no-restricted-imports'],
  [workflow, `export const $ = ${setHandler}({ validator: async () => undefined });`, 'no-restricted-syntax'],
  [workflow, `export const $ = ${setHandler}({ async validator() { return 1; } });`, 'no-restricted-syntax'],
  [workflow, `export const $ = ${setHandler}({ validator: () => undefined });`],
  [
    cli,
    "import { WorkflowClient } from '@temporalio/client'; void WorkflowClient;",
    '@typescript-eslint/no-restricted-imports',
  ],
  [cli, "import type { Client } from '@temporalio/client'; export type $ = Client;"],
  [driver, 'console.log(1);', 'no-console'],
  [cli, 'console.log(1);'],
  [driver, 'export default 1;', 'no-restricted-syntax'],
  [driver, "export * from './ports';", 'no-restricted-syntax'],
  [driver, 'export const $: any = 1;', '@typescript-eslint/no-explicit-any'],
  [driver, 'Promise.resolve(1);', '@typescript-eslint/no-floating-promises'],
  [
    driver,
    "export function $(b: 'c' | 'd') { switch (b) { case 'c': return 1; } }",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  [driver, "export function $(b: 'c' | 'd') { switch (b) { case 'c': return 1; case 'd': return 2; } }"],
  [longDriver, `// up to line 251${'\n'.repeat(250)}//`, 'max-lines'],
  [unitTest, "test.skip('a', () => undefined);", 'no-restricted-syntax'],
  [unitTest, "describe.only('a', () => undefined);", 'no-restricted-syntax'],
  [unitTest, "it.only.each([1])('a', () => undefined);", 'no-restricted-syntax'],
  [unitTest, "xit('a', () => undefined);", 'no-restricted-syntax'],
  [unitTest, "test.todo('a');", 'no-restricted-syntax'],
];

const root = path.resolve(__dirname, '../../..');
const globals = `
declare const process: { readonly pid: number };
declare const console: { log(what: unknown): void };
interface Run {
  (...args: unknown[]): void;
  readonly skip: Run;
  readonly only: Run;
  readonly todo: Run;
  each(rows: readonly unknown[]): Run;
}
declare const test: Run, it: Run, describe: Run, xit: Run;
`;

interface FileResult {
  readonly filePath: string;
  readonly messages: readonly { readonly line: number; readonly ruleId: string | null; readonly message: string }[];
}

const sources = new Map<string, string>();
/** First line of each case in the source of its file. */
const lineOf = cases.map(([file, line], index) => {
  const before = sources.get(file) ?? '';
  sources.set(file, `${before}${line.replace('$', `it${index}`)}\n`);
  return before.split('\n').length;
});
let folder: string;
let results: readonly FileResult[];

beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'switchback-lint-')));
  sources.set('globals.d.ts', globals);
  sources.set('tsconfig.json', '{ "compilerOptions": { "strict": true, "module": "nodenext", "types": [] } }');
  for (const [file, text] of sources) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  results = await lint();
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const titled = cases.map(([file, line, rule], index) => ({ file, line: line.split('\n', 1)[0], rule, index }));

test.each(titled.filter(({ rule }) => rule !== undefined))(
  'in $file, $line is refused by $rule',
  ({ file, rule, index }) => {
    expect(rulesAt(file, index)).toEqual([rule]);
  },
);

test.each(titled.filter(({ rule }) => rule === undefined))('in $file, $line is allowed', ({ file, index }) => {
  expect(rulesAt(file, index)).toEqual([]);
});

function rulesAt(file: string, index: number): readonly string[] {
  const first = lineOf[index]!;
  const last = first + cases[index]![1].split('\n').length - 1;
  const result = results.find(({ filePath }) => filePath === path.join(folder, file));
  return (result?.messages ?? [])
    .filter(({ line }) => line >= first && line <= last)
    .map(({ ruleId, message }) => ruleId ?? message);
}

function lint(): Promise<readonly FileResult[]> {
  const eslint = path.join(root, 'node_modules/eslint/bin/eslint.js');
  const args = [eslint, '--config', path.join(root, 'eslint.config.mjs'), '--format', 'json', '.'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) =>
      stdout.startsWith('[') ? resolve(JSON.parse(stdout) as FileResult[]) : reject(error ?? new Error(stderr)),
    );
  });
}
