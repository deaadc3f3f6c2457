import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EvidenceStore } from './store';

const TEMPORARY = '.tmp';
/** What is older was left by a process that was killed: to write one takes no hour. */
const LEFT_BEHIND_MS = 3_600_000;

/** Evidence in a folder. Several processes of several machines may share it: a file is made by a link, which is made once. */
export class FolderStore implements EvidenceStore {
  private readonly cleaned = new Set<string>();

  constructor(private readonly folder: string) {}

  async putIfAbsent(key: string, text: string): Promise<boolean> {
    const file = path.join(this.folder, key);
    await this.prepare(path.dirname(file));
    const written = `${file}.${randomUUID()}${TEMPORARY}`;
    try {
      await writeThrough(written, text);
      await link(written, file);
      await syncFolder(path.dirname(file));
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(written, { force: true });
    }
  }

  async get(key: string): Promise<string | undefined> {
    return ifThere(() => readFile(path.join(this.folder, key), 'utf8'), undefined);
  }

  async list(prefix: string): Promise<readonly string[]> {
    const names = await ifThere(() => readdir(path.join(this.folder, prefix)), []);
    return names.filter((name) => !name.endsWith(TEMPORARY)).map((name) => `${prefix}${name}`);
  }

  async groups(): Promise<readonly string[]> {
    const found = await ifThere(() => readdir(this.folder, { withFileTypes: true }), []);
    return found.filter((one) => one.isDirectory()).map(({ name }) => name);
  }

  /** The folder is there, on the disk as well, and, once for this process, without what killed ones have left half written. */
  private async prepare(folder: string): Promise<void> {
    const made = await mkdir(folder, { recursive: true });
    if (made !== undefined) {
      for (let one = folder; one.length >= made.length; one = path.dirname(one)) await syncFolder(path.dirname(one));
    }
    if (this.cleaned.has(folder)) return;
    this.cleaned.add(folder);
    for (const name of await readdir(folder)) {
      if (name.endsWith(TEMPORARY)) await removeLeftBehind(path.join(folder, name));
    }
  }
}

async function removeLeftBehind(file: string): Promise<void> {
  const { mtimeMs } = (await ifThere(() => stat(file), undefined)) ?? { mtimeMs: Infinity };
  if (Date.now() - mtimeMs > LEFT_BEHIND_MS) await rm(file, { force: true });
}

async function writeThrough(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What a folder names is on the disk only when the folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function ifThere<Found, Absent>(look: () => Promise<Found>, absent: Absent): Promise<Found | Absent> {
  try {
    return await look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String(codeOf(error)))) return absent;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;
