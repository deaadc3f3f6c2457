import { dependenciesOf } from '../../../core/draft/dependencies';
import { prioritiesOf } from '../../../core/draft/priorities';
import type { Reference } from '../../../core/draft/references';
import { workload } from './namespaces';

const all = ['a', 'b', 'c', 'd'].map((name) => workload(name));
const nightly = workload('nightly', { kind: 'CronJob' });
const named = (name: string) => [...all, nightly].find((one) => one.name === name) ?? workload(name);

/** "a-b": a names b. */
const references = (text: string): readonly Reference[] =>
  text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => one.split('-'))
    .map(([from = '', to = '']) => ({ from: named(from), to: named(to), service: to, where: 'somewhere' }));

const written = (given: readonly Reference[]): string =>
  given.map(({ from, to }) => `${from.name}-${to.name}`).join(' ');

test.each([
  ['nothing', '', '', '', []],
  ['a chain', 'a-b b-c', '', 'a-b b-c', []],
  ['the later one of a pair', 'a-b b-a', '', 'a-b', ['b -> a -> b']],
  ['the one that closes a longer circle', 'a-b b-c c-a', '', 'a-b b-c', ['c -> a -> b -> c']],
  ['what leads to an entrance, wherever it stands', 'b-a a-b', 'a', 'a-b', ['b -> a -> b']],
  ['none of what leads to an entrance without a circle', 'b-a c-b', 'a', 'c-b b-a', []],
  ['two circles', 'a-b b-a c-d d-c', '', 'a-b c-d', ['b -> a -> b', 'd -> c -> d']],
])('of circles is left out: %s', (_title, given, entrances, kept, circles) => {
  const outside = new Set(entrances === '' ? [] : [named(entrances)]);
  const result = dependenciesOf(references(given), outside);
  expect(written(result.kept)).toBe(kept);
  expect(result.leftOut.map(({ circle }) => circle.map(({ name }) => name).join(' -> '))).toEqual(circles);
});

test.each([
  ['nothing known', '', { a: 1, b: 1, c: 1, d: 1, nightly: 2 }],
  ['a chain', 'a-b b-c', { a: 3, b: 2, c: 1, d: 1, nightly: 4 }],
  ['the longest of two ways', 'a-b b-c a-c', { a: 3, b: 2, c: 1, d: 1, nightly: 4 }],
  ['a CronJob that needs something', 'nightly-a a-b', { a: 2, b: 1, c: 1, d: 1, nightly: 3 }],
  ['a CronJob that something needs', 'a-nightly', { a: 2, b: 1, c: 1, d: 1, nightly: 1 }],
])('priorities of %s', (_title, given, expected) => {
  const priorities = prioritiesOf([...all, nightly], references(given));
  expect(Object.fromEntries([...priorities].map(([{ name }, { priority }]) => [name, priority]))).toEqual(expected);
});

test('priorities end at the last that there is', () => {
  const chain = Array.from({ length: 150 }, (_, at) => workload(`w${at}`));
  const dependencies = chain.slice(1).map((from, at) => ({ from, to: chain[at] ?? from, service: '', where: '' }));
  const priorities = [...prioritiesOf(chain, dependencies).values()].map(({ priority }) => priority);
  expect([priorities[0], priorities[98], Math.max(...priorities)]).toEqual([1, 99, 100]);
});
