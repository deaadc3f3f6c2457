import type { ArchiveIndex, ArchivedEntry, ArchivedGroup } from '../../evidence/archive';
import { code, element, figure, instant, list, section, table, type Content } from './elements';
import { htmlPage } from './page';
import { withPlainStrings } from './plain-strings';

/** `index.html` of an archive of evidence: what is in it, with links to its files. */
export function renderArchivePage(recorded: ArchiveIndex): string {
  const { range, groups } = withPlainStrings(recorded);
  const names = groups.map(({ group }) => group).join(', ');
  return htmlPage(`Evidence of ${names}`, [
    element(
      'main',
      {},
      element('h1', {}, `Evidence of ${names}`),
      element(
        'p',
        { class: 'lead' },
        'From ',
        range.from === undefined ? 'the beginning' : instant(range.from),
        ' until ',
        range.until === undefined ? 'the end' : instant(range.until),
        ', UTC. How to check it is in ',
        link('README.md'),
        '.',
      ),
      ...groups.map(groupSection),
    ),
  ]);
}

const groupSection = ({ group, after, head, entries, faults }: ArchivedGroup): Content =>
  section(
    group,
    group,
    faultsOf(faults),
    element(
      'p',
      {},
      `${entries.length} entries, after entry ${after.sequence} (`,
      code(after.hash),
      `) up to entry ${head.sequence} (`,
      code(head.hash),
      ').',
    ),
    table(['Entry', 'Kind', 'At', 'What', 'SHA-256', 'Files'], entries.map(entryRow)),
  );

const faultsOf = (faults: ArchivedGroup['faults']): Content =>
  faults.length === 0
    ? null
    : element(
        'div',
        { class: 'attention' },
        element('strong', {}, 'This part of the chain was not as it was written when it was exported'),
        list(faults.map(({ where, what }) => `${where}: ${what}`)),
      );

const entryRow = ({ sequence, kind, at, id, sha256, file, body, document }: ArchivedEntry) => [
  figure(String(sequence)),
  kind,
  instant(at),
  code(id.replace(`${kind}/`, '')),
  code(sha256),
  list(
    [
      link(file, 'entry'),
      body === undefined ? 'body missing' : link(body, 'body'),
      document && link(document, 'document'),
    ].filter(Boolean),
  ),
];

const link = (file: string, text = file): Content => element('a', { href: file }, text);
