import { readdirSync } from 'node:fs';
import * as workflows from '../../../workflows';
import { messages } from '../../../workflows/messages';
import { codeSpans, page, root, tableRows } from './pages';

const architecture = page('ARCHITECTURE.md');

test('it has at most 200 lines', () => {
  expect(architecture.text.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
});

test('it states the eleven invariants of the design, as absences', () => {
  const [, section = ''] = architecture.text.split('## Invariants');
  const [invariants = ''] = section.split('\n## ');
  const numbers = [...invariants.matchAll(/^(\d+)\. No /gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('its table of folders has every folder of the project, and every part of core', () => {
  const listed = tableRows(architecture, 'Folder').flatMap(([names = '']) =>
    [...names.matchAll(/`([\w/]+)`/g)].map(([, name]) => name),
  );
  const foldersIn = (folder: string): string[] =>
    readdirSync(`${root}/${folder}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|coverage$)/.test(entry.name))
      .map(({ name }) => name);
  const passive = ['bin', 'core', 'docs', 'runbooks'];
  const top = foldersIn('.').filter((name) => !passive.includes(name));
  expect(listed.sort()).toEqual([...top, ...foldersIn('core').map((name) => `core/${name}`)].sort());
});

test('it names every type of workflow and every message', () => {
  const spans = codeSpans(architecture);
  const names = [...Object.keys(workflows), ...Object.keys(messages)];
  expect(names.filter((name) => !spans.includes(name))).toEqual([]);
});
