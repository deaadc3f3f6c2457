import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { appendToJournal, parseJournal, readJournal } from '../../../drivers/local/journal';

interface Entry {
  readonly value: number;
}

const folder = mkdtempSync(path.join(tmpdir(), 'switchback-journal-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => path.join(folder, 'deep', `journal-${(files += 1)}.json`);
const values = async (file: string): Promise<readonly number[]> =>
  (await readJournal<Entry>(file)).entries.map((entry) => entry.value);

test('records are read back in the order in which they were appended', async () => {
  const file = newFile();
  expect(await appendToJournal(file, { value: 7 }, 0)).toBe(true);
  expect(await appendToJournal(file, { value: 8 }, 1)).toBe(true);
  expect(await readJournal<Entry>(file)).toMatchObject({ seq: 2, last: { value: 8 } });
  expect(await values(file)).toEqual([7, 8]);
});

test('an absent file is an empty journal', async () => {
  expect(await readJournal(newFile())).toEqual({ entries: [], last: undefined, seq: 0 });
});

test('a writer that had read an older state changes nothing, however late it comes', async () => {
  const file = newFile();
  for (const value of [1, 2, 3]) await appendToJournal(file, { value }, value - 1);
  expect(await appendToJournal(file, { value: 99 }, 1)).toBe(false);
  expect(await values(file)).toEqual([1, 2, 3]);
  expect(await appendToJournal(file, { value: 4 }, 3)).toBe(true);
});

test('of writers with the same number exactly one wins, also when they write the same content', async () => {
  const file = newFile();
  for (let round = 0; round < 20; round += 1) {
    const writers = Array.from({ length: 5 }, async () => appendToJournal(file, { value: round }, round));
    const won = await Promise.all(writers);
    expect(won.filter(Boolean)).toHaveLength(1);
  }
  expect(await values(file)).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test('a line torn by a crash is no record, and the next record is whole', async () => {
  const file = newFile();
  await appendToJournal(file, { value: 1 }, 0);
  appendFileSync(file, '{"value":2,"se');
  expect(await values(file)).toEqual([1]);
  expect(await appendToJournal(file, { value: 3 }, 1)).toBe(true);
  expect(await values(file)).toEqual([1, 3]);
  expect(readFileSync(file, 'utf8')).toContain('\n{"value":3');
});

test('a first line torn by a crash leaves an empty journal that can be written', async () => {
  const file = newFile();
  await appendToJournal(file, { value: 1 }, 0);
  writeFileSync(file, '{"value":1,"se');
  expect(await values(file)).toEqual([]);
  expect(await appendToJournal(file, { value: 2 }, 0)).toBe(true);
});

test.each([
  ['a damaged record in the middle', '{"seq":1,"value":1}\n{"seq":2,"va#ue\n{"seq":3,"value":3}\n'],
  ['nothing but garbage', 'garbage\n'],
])('%s is an error and not an older state', (_, text) => {
  expect(() => parseJournal(text)).toThrow();
});

test('one record written by hand, over several lines, is the whole journal', () => {
  const text = JSON.stringify({ value: 5 }, undefined, 2);
  expect(parseJournal<Entry>(text)).toMatchObject({ seq: 1, last: { value: 5 } });
});
