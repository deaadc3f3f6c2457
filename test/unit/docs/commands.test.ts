import type { Command } from 'commander';
import { exitMeanings } from '../../../cli/exit-code';
import { createProgram } from '../../../cli/program';
import { plainStyle } from '../../../cli/terminal/style';
import { exitCodes } from '../../../core/model/verdict';
import packageJson from '../../../package.json';
import { leafCommands } from '../cli/leaf-commands';
import { codeBlocks, codeSpans, page, pages, tableRows, writtenPages } from './pages';

/** The command line whose commands are parsed as ever and do nothing. */
function idleProgram(): Command {
  const program = createProgram({
    exitCode: 0,
    terminal: {
      ...{ out: () => undefined, note: () => undefined, interactive: false, style: plainStyle, env: {} },
      size: () => ({ columns: 100, rows: 40 }),
    },
  });
  for (const { command } of leafCommands(program)) command.action(() => undefined);
  return program;
}

/** The words of a shell line from the one after our program's name to the end of the command; undefined: another program. */
function argumentsIn(line: string): readonly string[] | undefined {
  const words = [...line.trim().matchAll(/"([^"]*)"|'([^']*)'|(#.*)|([^\s#]\S*)/g)].map(
    ([, double, single, comment, bare]) => (comment === undefined ? (double ?? single ?? bare ?? '') : undefined),
  );
  const start = words.findIndex((word) => word !== undefined && /(^|\/)switchback(\.js)?$/.test(word));
  const before = words.slice(0, Math.max(start, 0));
  if (start < 0 || !before.every((word) => /^(npx|[A-Z_]+=\S*|docker|compose|exec|worker|node)$/.test(word ?? '')))
    return undefined;
  const rest = words.slice(start + 1);
  const end = rest.findIndex((word) => word === undefined || word === '>' || word === '|');
  return (end < 0 ? rest : rest.slice(0, end)).flatMap((word) => word ?? []);
}

interface Written {
  readonly page: string;
  readonly line: string;
  readonly args: readonly string[];
}

const isComplete = (line: string): boolean => !/[<…]/.test(line);

const lines: readonly Written[] = pages.flatMap((one) =>
  codeBlocks(one)
    .filter(({ language }) => ['sh', 'text'].includes(language))
    .flatMap(({ code }) => code.split('\n'))
    .flatMap((line) => line.split(/ (?:&&|\|\|) |; (?:do )?/))
    .filter(isComplete)
    .flatMap((line) => {
      const args = argumentsIn(line);
      // The generated reference shows how a command is used as "switchback run [options] <operation> <runbook>".
      return args === undefined || args.includes('[options]') ? [] : [{ page: one.file, line: line.trim(), args }];
    }),
);

test('there are command lines', () => {
  expect(lines.length).toBeGreaterThan(60);
});

test.each(lines)('the command line takes what $page shows: $line', async ({ args }) => {
  await expect(idleProgram().parseAsync([...args], { from: 'user' })).resolves.toBeDefined();
});

const spans = writtenPages.flatMap((one) =>
  codeSpans(one).flatMap((span) => {
    const args = argumentsIn(span);
    return args === undefined || args[0] === undefined || args[0].startsWith('<')
      ? []
      : [{ page: one.file, span, args }];
  }),
);

test.each(spans)('the command and its options exist: $span, in $page', ({ args: [name, ...rest] }) => {
  const command = idleProgram().commands.find((one) => one.name() === name);
  expect(command?.name()).toBe(name);
  const deed = command?.commands.find((one) => one.name() === rest[0]) ?? command;
  if (command?.commands.length !== 0 && rest.length > 0) expect(deed).not.toBe(command);
  const known = deed?.options.map(({ long }) => long) ?? [];
  for (const option of rest.filter((word) => word.startsWith('--'))) expect([...known, '--help']).toContain(option);
});

/** Options in prose of programs that are not ours. */
const foreign = ['--nodes', '--omit', '--json', '--help'];

test('every option that a page names is one of a command', () => {
  const known = new Set(leafCommands(idleProgram()).flatMap(({ command }) => command.options.map(({ long }) => long)));
  const named = writtenPages.flatMap((one) => codeSpans(one).flatMap((span) => /^--[\w-]+/.exec(span)?.[0] ?? []));
  expect(named.filter((option) => !known.has(option) && !foreign.includes(option))).toEqual([]);
});

test('the readme lists every command, and no other', () => {
  const listed = tableRows(page('README.md'), 'Command').flatMap(([names = '']) =>
    [...names.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
  );
  const names = idleProgram().commands.map((command) => command.name());
  expect(listed.sort()).toEqual(names.sort());
});

test('the readme lists every exit code, and no other', () => {
  const listed = tableRows(page('README.md'), 'Exit code').map(([code]) => Number(code));
  expect(Object.keys(exitMeanings).sort()).toEqual(Object.keys(exitCodes).sort());
  expect(listed).toEqual([...Object.values(exitCodes).sort((a, b) => a - b), 130]);
});

const scripts = writtenPages.flatMap(({ file, text }) =>
  [...text.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map(([, script = '']) => ({ page: file, script })),
);

test.each(scripts)('npm run $script exists, as $page says', ({ script }) => {
  expect(Object.keys(packageJson.scripts)).toContain(script);
});

test('the first screen of the readme has the two commands', () => {
  const first = page('README.md').text.split('\n').slice(0, 30).join('\n');
  expect(first).toContain('npm ci && npm run demo');
  expect(first).toContain('npm ci && npm test');
});
