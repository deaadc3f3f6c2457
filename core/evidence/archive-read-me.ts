import { archiveFiles, type ArchiveIndex } from './archive';

/** What is in an archive, and how it is checked with what every machine has. */
export const archiveReadMe = (index: ArchiveIndex): string =>
  [
    '# Evidence of disaster recovery',
    `Kept by Switchback, from ${index.range.from ?? 'the beginning'} until ${index.range.until ?? 'the end'} (UTC). \`${archiveFiles.page}\` lists what is here, \`${archiveFiles.index}\` is the same for programs.`,
    table([
      ['In the folder of a group', 'What it is'],
      [
        '`entries/00000012.json`',
        'an entry of the chain: what it keeps by its SHA-256 (`body`), when, and the SHA-256 of the entry before (`previous`)',
      ],
      ['`bodies/<SHA-256>.json`', 'what an entry keeps: a report, an attestation, a decision, ...'],
      ['`documents/`', 'reports and attestations for people, made from the bodies. What counts are the bodies'],
    ]),
    '## Check it',
    'With Switchback: `switchback evidence verify --archive FILE.zip`. Without, in the unpacked folder:',
    ['```sh', `sha256sum --check --quiet ${archiveFiles.sums}`, ...index.groups.flatMap(checkOf), '```'].join('\n'),
    'The first line compares every file with its sum. The others walk along the chain of each group: the file of each entry has to name the sum of the one before it, and the file of its body has to have the sum that it names. They print nothing but the end of each chain, when all is well.',
    '## Is it all, and is it the same that was kept?',
    'An archive that was made up as a whole is good by itself. So compare the end of each chain with what others know: each run of a group has in its memo in Temporal (`evidence`) the number and the SHA-256 of the entry with which its own report was kept, and each report names the end of the chain before it.',
    table([
      ['Group', 'Follows entry', 'Its SHA-256', 'Ends with entry', 'Its SHA-256'],
      ...index.groups.map(({ group, after, head }) => [
        ...[group, String(after.sequence), `\`${after.hash}\``, String(head.sequence), `\`${head.hash}\``],
      ]),
    ]),
  ].join('\n\n') + '\n';

/** Names of groups are letters, digits and hyphens; a shell takes them as they are. */
const checkOf = ({ group, after }: ArchiveIndex['groups'][number]): string[] => [
  `previous=${after.hash}`,
  `for entry in ${group}/entries/*.json; do`,
  '  grep -q "\\"previous\\":\\"$previous\\"" "$entry" || echo "$entry does not follow the one before it"',
  `  body=$(sed 's/.*"body":"\\([0-9a-f]*\\)".*/\\1/' "$entry")`,
  `  echo "$body  ${group}/bodies/$body.json" | sha256sum --check --quiet || echo "$entry lacks its body"`,
  `  previous=$(sha256sum "$entry" | cut -d ' ' -f 1)`,
  'done',
  `echo "${group} ends with $previous"`,
];

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows.map((row) => `| ${row.join(' | ')} |`);
  return [head, `|${' --- |'.repeat(rows[0]?.length ?? 0)}`, ...rest].join('\n');
}
