import path from 'node:path';
import { exists, fileText, page, pages, prose, writtenPages } from './pages';

interface Link {
  readonly from: string;
  readonly to: string;
}

const links: readonly Link[] = pages.flatMap((one) =>
  [...prose(one).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to = '']) => ({ from: one.file, to }))
    .filter(({ to }) => !/^[a-z]+:/.test(to)),
);

const targetOf = ({ from, to }: Link): { readonly file: string; readonly anchor: string | undefined } => {
  const [file = '', anchor] = to.split('#');
  return { file: file === '' ? from : path.posix.join(path.posix.dirname(from), file), anchor };
};

/** As GitHub makes them. */
const slugsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('there are links', () => {
  expect(links.length).toBeGreaterThan(50);
});

test.each(links)('$from links to something that is there: $to', (link) => {
  const { file, anchor } = targetOf(link);
  expect({ file, exists: exists(file) }).toEqual({ file, exists: true });
  if (anchor !== undefined) expect(slugsOf(fileText(file))).toContain(anchor);
});

test('every page under docs is linked from the index, every decision from the list of decisions', () => {
  const linked = (from: string) =>
    new Set(links.filter((link) => link.from === from).map((link) => targetOf(link).file));
  const [index, decisions] = [linked('docs/index.md'), linked('docs/adr/README.md')];
  const isDecision = (file: string) => /^docs\/adr\/\d/.test(file);
  const files = pages.map(({ file }) => file).filter((file) => file.startsWith('docs/') && file !== 'docs/index.md');
  expect(files.filter((file) => !isDecision(file) && !index.has(file))).toEqual([]);
  expect(files.filter((file) => isDecision(file) && !decisions.has(file))).toEqual([]);
});

const decisions = writtenPages.filter(({ file }) => /^docs\/adr\/\d/.test(file));

test('decisions have a number each, the same in the file, in the title and in the list', () => {
  const titles = decisions.map(({ text }) => /^# (.+)$/m.exec(text)?.[1] ?? '');
  const numbers = decisions.map(({ file }) => Number(path.basename(file).slice(0, 4)));
  // A number may be taken by a decision that is still being made.
  expect(new Set(numbers).size).toBe(numbers.length);
  const listed = [...page('docs/adr/README.md').text.matchAll(/^- \[(.+)\]\(/gm)].map(([, title]) => title);
  expect(listed).toEqual(titles);
  expect(titles.map((title) => parseInt(title, 10))).toEqual(numbers);
});

test.each(decisions)('$file has context, decision and consequences', ({ text }) => {
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
    'Context',
    'Decision',
    'Consequences',
  ]);
});
