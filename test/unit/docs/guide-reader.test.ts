import { readGuide } from '../../kubernetes/guide/read-guide';
import { notShown } from '../../kubernetes/guide/shown-output';

const fenced = (language: string, ...lines: readonly string[]): string =>
  ['```' + language, ...lines, '```', ''].join('\n');

test('a page is what a reader does, section by section, with what is shown of it', () => {
  const page = [
    '# Begin\n',
    fenced('sh', 'one', 'two'),
    '## Nothing to do\n\nProse with `code`.\n',
    '## Then\n',
    fenced('sh', 'three'),
    fenced('text', '3 done'),
    'Write this,\nas `it.yaml`:\n',
    fenced('yaml', 'a: 1'),
    fenced('text', '$ four', 'refused'),
  ].join('\n');
  expect(readGuide(page)).toEqual([
    { title: 'Begin', steps: [{ kind: 'run', script: 'one\ntwo' }] },
    {
      title: 'Then',
      steps: [
        { kind: 'run', script: 'three', shown: '3 done' },
        { kind: 'edit', asked: 'Write this, as `it.yaml`:', yaml: 'a: 1' },
        { kind: 'refused', script: 'four', shown: 'refused' },
      ],
    },
  ]);
});

test.each([
  ['of another language', fenced('bash', 'one')],
  ['of no language', fenced('', 'one')],
  ['that shows what comes of nothing', fenced('text', '3 done')],
  [
    'that shows what comes of something before other prose',
    `${fenced('sh', 'one')}\nProse.\n\n${fenced('text', '3 done')}`,
  ],
  ['that nobody asks for', fenced('yaml', 'a: 1')],
])('a block %s is refused: nobody would follow it', (_, page) => {
  expect(() => readGuide(`# Begin\n\n${page}`)).toThrow('what is a reader to do');
});

const output = `08:07:44 ▶ start api
08:07:46 ✓ start api: 3 of 3 pods Ready (0.1 s)
08:07:52 completed
NAME   READY   AGE
api    13/13   3m10s
drill/shop/20261129-080744: passed`;

test.each([
  ['all of it', output],
  ['some of it', 'completed\nNAME READY AGE'],
  [
    'other times',
    '✓ start api: 3 of 3 pods Ready (2 min 5 s)\ncompleted\nNAME READY AGE\napi 13/13 63s\ndrill/shop/20270101-000000: passed',
  ],
  ['a gap that is said', '…\n▶ start api\n…\ncompleted\n…\napi 13/13 5m\n…'],
  ['a line that is broken in two', '✓ start api:\n3 of 3 pods Ready (0.1 s)'],
])('an output has what a page shows of it: %s', (_, shown) => {
  expect(notShown(output, shown)).toBeUndefined();
});

test.each([
  ['another count', 'api 3/13 5m', 'api 3/13 5m'],
  ['another word', '▶ start api\n…\nfailed', 'failed'],
  ['another order', 'completed\n…\n▶ start api', '▶ start api'],
  ['a gap that is not said', '▶ start api\ncompleted', '▶ start api\ncompleted'],
])('an output has not: %s', (_, shown, missing) => {
  expect(notShown(output, shown)).toBe(missing);
});
