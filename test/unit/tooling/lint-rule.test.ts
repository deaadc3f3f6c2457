import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Files that exist, so that the type-aware rules know them; their content is replaced by the lines below. */
const core = 'core/model/json.ts';
const workflow = 'workflows/messages.ts';
const driver = 'drivers/ports.ts';
const longDriver = 'drivers/local/site-folder.ts';
const cli = 'cli/exit-code.ts';
const unitTest = 'test/unit/tooling/lockfile.test.ts';

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

type Broken = Readonly<Record<string, readonly (readonly [line: number, rule: string])[]>>;

const sources: Record<string, string> = {};
/** First line of each case in the source of its file. */
const lineOf = cases.map(([file, line], index) => {
  const before = sources[file] ?? '';
  sources[file] = `${before}${line.replace('$', `it${index}`)}\n`;
  return before.split('\n').length;
});
let broken: Broken;

beforeAll(() => {
  const cwd = path.resolve(__dirname, '../../..');
  const program = path.join(__dirname, 'lint-text.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [program], {
    cwd,
    input: JSON.stringify(sources),
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  broken = JSON.parse(stdout) as Broken;
}, 60_000);

const titled = cases.map(([file, line, rule], index) => ({ file, line: line.slice(0, 80), rule, index }));

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
  return (broken[file] ?? []).filter(([line]) => line >= first && line <= last).map(([, rule]) => rule);
}
