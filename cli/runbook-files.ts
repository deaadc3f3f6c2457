import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { SwitchbackFailure } from '../core/model/failure';
import type { Runbook } from '../core/model/runbook';
import { formatDiagnostic, type Diagnostic } from '../core/runbook/diagnostic';
import type * as ParseRunbook from '../core/runbook/parse-runbook';

/** Everything that is said of a runbook file. @throws SwitchbackFailure `InvalidInput` when it cannot be read. */
export async function diagnose(file: string): Promise<readonly Diagnostic[]> {
  const parsed = await parse(file);
  return parsed.ok ? parsed.warnings : parsed.diagnostics;
}

/** @throws SwitchbackFailure `InvalidInput` when the file cannot be read, `InvalidRunbook` with every diagnostic */
export async function parsedRunbook(file: string): Promise<Runbook> {
  const parsed = await parse(file);
  if (parsed.ok) return parsed.runbook;
  throw new SwitchbackFailure('InvalidRunbook', parsed.diagnostics.map(formatDiagnostic).join('\n'), { file });
}

async function parse(file: string): Promise<ParseRunbook.ParsedRunbook> {
  const text = await read(file);
  // Loaded when it is needed: the schemas and the YAML parser would double the time that help takes.
  const load = createRequire(__filename);
  const { parseRunbook } = load('../core/runbook/parse-runbook') as typeof ParseRunbook;
  return parseRunbook(text, file);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new SwitchbackFailure('InvalidInput', `${file} cannot be read: ${because}`);
  }
}

/**
 * The files that the arguments name, each once: a file as it is, the `.yaml` and `.yml` files of a folder, and what a pattern
 * with `*` and `?` stands for, as a shell would have it (CI systems pass patterns on as they are written).
 *
 * @throws SwitchbackFailure `InvalidInput` when one of them stands for nothing.
 */
export async function runbookFiles(args: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(args.map(filesOf));
  return [...new Set(found.flat())];
}

async function filesOf(argument: string): Promise<readonly string[]> {
  const kind = await stat(argument).catch(() => undefined);
  if (kind?.isFile()) return [argument];
  const files = kind?.isDirectory() ? await inFolder(argument) : await matching(argument);
  if (files.length > 0) return files;
  const what = kind ? 'a folder without .yaml files' : 'no file, no folder and no pattern of files';
  const message = `"${argument}" is ${what}; name runbook files, such as runbooks/shop.yaml`;
  throw new SwitchbackFailure('InvalidInput', message);
}

const inFolder = async (folder: string): Promise<readonly string[]> =>
  onlyFiles((await entriesLike(folder, '*')).filter((entry) => /\.ya?ml$/.test(entry)));

/** Links to files are files. */
async function onlyFiles(entries: readonly string[]): Promise<readonly string[]> {
  const files = await Promise.all(entries.map(async (entry) => ((await stat(entry)).isFile() ? [entry] : [])));
  return files.flat();
}

async function matching(pattern: string): Promise<readonly string[]> {
  if (!/[*?]/.test(pattern)) return [];
  let found = [path.isAbsolute(pattern) ? '/' : ''];
  for (const part of pattern.split('/').filter((one) => one !== '')) {
    found = (await Promise.all(found.map((folder) => entriesLike(folder, part)))).flat();
  }
  return onlyFiles(found);
}

/** Like a shell: hidden entries only when the pattern says so. */
async function entriesLike(folder: string, part: string): Promise<readonly string[]> {
  if (!/[*?]/.test(part)) {
    const entry = path.join(folder, part);
    return (await stat(entry).catch(() => undefined)) ? [entry] : [];
  }
  const like = new RegExp(
    `^${part
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  const names = await readdir(folder || '.').catch(() => []);
  const hidden = part.startsWith('.');
  return names
    .filter((name) => like.test(name) && (hidden || !name.startsWith('.')))
    .sort()
    .map((name) => path.join(folder, name));
}
