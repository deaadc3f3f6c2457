import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EvidenceStore } from './store';

const TEMPORARY = '.tmp';

/** Evidence in a folder. Several processes of several machines may share it: a file is made by a link, which is made once. */
export class FolderStore implements EvidenceStore {
  constructor(private readonly folder: string) {}

  async putIfAbsent(key: string, text: string): Promise<boolean> {
    const file = path.join(this.folder, key);
    await mkdir(path.dirname(file), { recursive: true });
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
    try {
      return await readFile(path.join(this.folder, key), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async list(prefix: string): Promise<readonly string[]> {
    try {
      const names = await readdir(path.join(this.folder, prefix));
      return names.filter((name) => !name.endsWith(TEMPORARY)).map((name) => `${prefix}${name}`);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(String(codeOf(error)))) return [];
      throw error;
    }
  }
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

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;
