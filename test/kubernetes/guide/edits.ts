import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Step } from './read-guide';

type Edit = Extract<Step, { kind: 'edit' }>;

/** What a paragraph of the page can ask for, and how a reader does it to the file that the page drafts, or names. */
const requests: readonly {
  readonly asks: RegExp;
  readonly edited: (draft: string, yaml: string, site: string) => string;
}[] = [
  {
    asks: /take each mark away\..* add this at the end of the file\b/,
    edited: (draft, yaml) => `${withoutMarks(draft)}${yaml}\n`,
  },
  {
    asks: /Add this below `kubernetes:` of `(\w+)`/,
    edited: (draft, yaml, site) =>
      draft.replace(new RegExp(`^( *)kubernetes: \\{ context: ${site}\\b.*$`, 'm'), `$&\n$1${yaml}`),
  },
];
const named = /, as `([\w.-]+)`:$/;

/** @throws Error when the page asks for what no reader could do. */
export async function edit(folder: string, draft: string | undefined, { asked, yaml }: Edit): Promise<void> {
  const name = named.exec(asked)?.[1];
  if (name !== undefined) return writeFile(path.join(folder, name), `${yaml}\n`);
  const request = requests.find(({ asks }) => asks.test(asked));
  if (request === undefined || draft === undefined) throw new Error(`what is a reader to do? "${asked}"\n${yaml}`);
  const file = path.join(folder, draft);
  const text = await readFile(file, 'utf8');
  const edited = request.edited(text, yaml, request.asks.exec(asked)?.[1] ?? '');
  if (edited === text) throw new Error(`the draft has no place for what "${asked}" asks:\n${text}`);
  await writeFile(file, edited);
}

/** The draft without the comments that say why something was guessed, the lines that continue them included. */
function withoutMarks(draft: string): string {
  return draft.replaceAll(/^ *# review:.*\n(?: *# {3}.*\n)*/gm, '').replaceAll(/ # review:.*$/gm, '');
}
