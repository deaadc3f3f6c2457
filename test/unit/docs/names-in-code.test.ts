import { codeSpans, exists, fileText, prose, writtenPages } from './pages';
import { parsedShop } from '../planning/shop';
import { compiled, observationFor } from '../planning/compiled';
import type { FailoverMode, Operation } from '../../../core/model/operation';
import { stepKinds } from '../../../core/model/step-kinds';

const folders =
  'core|workflows|activities|drivers|workers|cli|demo|bench|lab|scripts|test|deploy|docs|runbooks|bin|\\.ci';
const isPath = (span: string): boolean =>
  new RegExp(`^(\\./)?(${folders})(/[\\w./-]*)?$`).test(span) ||
  /^(docker-compose\.yml|package\.json|Dockerfile|\.[\w-]+\.cjs)$/.test(span);

/** A word that is a folder of ours, and other things as well: "worker", "plan". */
const isBareWord = (span: string): boolean => /^\w+$/.test(span);

const paths = writtenPages.flatMap((one) =>
  codeSpans(one)
    .filter((span) => isPath(span) && !isBareWord(span))
    .map((span) => ({ page: one.file, path: span })),
);

test('there are paths', () => {
  expect(paths.length).toBeGreaterThan(100);
});

test.each(writtenPages)('every path that $file names is there', ({ file }) => {
  const missing = paths.filter((one) => one.page === file && !exists(one.path)).map((one) => one.path);
  expect(missing).toEqual([]);
});

interface Named {
  readonly page: string;
  readonly path: string;
  readonly name: string;
}

/** Names in backticks that follow a path directly: they are said to be in that file. */
const names: readonly Named[] = writtenPages.flatMap((one) =>
  [...prose(one).matchAll(/`([\w./-]+\.ts)`((?:,? `\w+`)+)/g)].flatMap(([, path = '', list = '']) =>
    [...list.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({ page: one.file, path, name })),
  ),
);

test('there are names', () => {
  expect(names.length).toBeGreaterThan(50);
});

test.each(names)('$path has $name, as $page says', ({ path, name }) => {
  expect(fileText(path)).toMatch(new RegExp(`\\b${name}\\b`));
});

interface Title {
  readonly page: string;
  readonly path: string;
  readonly title: string;
}

const titles: readonly Title[] = writtenPages.flatMap((one) =>
  [...prose(one).matchAll(/`(test\/[\w./-]+\.ts)` "([^"]+)"/g)].map(([, path = '', title = '']) => ({
    page: one.file,
    path,
    title,
  })),
);

test('there are titles of tests', () => {
  expect(titles.length).toBeGreaterThanOrEqual(11);
});

test.each(titles)('$path has the test "$title", as $page says', ({ path, title }) => {
  expect(fileText(path).replace(/\s+/g, ' ')).toContain(title);
});

const planOfShop = (operation: Operation, mode: FailoverMode = 'planned') => {
  const runbook = parsedShop();
  return compiled({
    ...{ runbook, digest: '', operation, mode, observation: observationFor(runbook, operation) },
    epochs: { from: 1, to: 2, rollback: 3 },
    windows: { maintenance: { start: '2026-12-05T22:00' } },
  });
};

test('every step that a page names is one of the plans of the shop', () => {
  const plans = [
    planOfShop('failover'),
    planOfShop('failover', 'unplanned'),
    planOfShop('reprotect'),
    planOfShop('failback'),
  ];
  const ids = new Set(plans.flatMap(({ steps, rollback }) => [...steps, ...rollback].map(({ id }) => id)));
  const isStep = (text: string): boolean => text.includes('@') && (text.split('/')[0] ?? '') in stepKinds;
  const named = writtenPages.flatMap((one) =>
    [...one.text.matchAll(/(?:`|--step )([\w.-]+\/[\w.@-]+)/g)].map(([, id = '']) => id).filter(isStep),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
});

const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\bSWITCHBACK_[A-Z_]+\b/g)].map(([name]) => name);

test('every variable of ours that a page names is one that the sources read', () => {
  const sources = [
    'workers/settings.ts',
    'cli/person.ts',
    'cli/commands/decide.ts',
    'docker-compose.yml',
    'activities/hooks/hooks.ts',
  ];
  const known = new Set(sources.flatMap((file) => variablesIn(fileText(file))));
  const named = writtenPages.flatMap(({ text }) => variablesIn(text));
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test('every variable that a worker reads is explained', () => {
  const read = [...fileText('workers/settings.ts').matchAll(/env\['(\w+)'\]/g)].map(([, name = '']) => name);
  const explained = codeSpans(
    writtenPages.find(({ file }) => file === 'docs/how-to-run-workers.md') ?? { file: '', text: '' },
  );
  expect(read.length).toBeGreaterThan(0);
  expect(read.filter((name) => !explained.includes(name))).toEqual([]);
});

test('every variable that a hook gets is explained', () => {
  const given = [...fileText('activities/hooks/hooks.ts').matchAll(/\b(SWITCHBACK_\w+):/g)].map(
    ([, name = '']) => name,
  );
  const explained = codeSpans(
    writtenPages.find(({ file }) => file === 'docs/how-to-run-hooks.md') ?? { file: '', text: '' },
  );
  expect(given.length).toBeGreaterThan(5);
  expect(given.filter((name) => !explained.includes(name))).toEqual([]);
});
