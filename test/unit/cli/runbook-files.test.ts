import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runbookFiles } from '../../../cli/runbook-files';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-files-'));
  mkdirSync(path.join(folder, 'empty'));
  mkdirSync(path.join(folder, 'sites.yaml'));
  for (const file of ['b.yaml', 'a.yml', 'c.json', '.hidden.yaml', 'a+b.yaml'])
    writeFileSync(path.join(folder, file), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const found = async (...args: readonly string[]): Promise<readonly string[]> =>
  (await runbookFiles(args.map((arg) => path.join(folder, arg)))).map((file) => path.relative(folder, file));

test.each([
  ['a file, whatever its name', ['c.json'], ['c.json']],
  ['a folder', ['.'], ['a+b.yaml', 'a.yml', 'b.yaml']],
  ['a pattern', ['*.yaml'], ['a+b.yaml', 'b.yaml']],
  ['a pattern with a question mark', ['?.y*ml'], ['a.yml', 'b.yaml']],
  ['a pattern of hidden files', ['.*.yaml'], ['.hidden.yaml']],
  ['a pattern in which a plus is a plus', ['a+*.yaml'], ['a+b.yaml']],
  ['a file named twice', ['b.yaml', '?.yaml'], ['b.yaml']],
])('%s', async (_title, args, files) => {
  expect(await found(...args)).toEqual(files);
});

test.each([
  ['no file', 'z.yaml', 'no file, no folder and no pattern'],
  ['a pattern of nothing', 'z*.yaml', 'no file, no folder and no pattern'],
  ['a folder without runbooks', 'empty', 'a folder without .yaml files'],
])('%s is refused with what would be right', async (_title, arg, says) => {
  await expect(found(arg)).rejects.toMatchObject({ code: 'InvalidInput', message: expect.stringContaining(says) });
});
