import { chmod, copyFile, mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../run';

/** The root folder of an image, made of programs of this machine and of the libraries that they load. */
export class RootFolder {
  constructor(readonly folder: string) {}

  /** Copies a program, and each of its libraries to where the program looks for it. */
  async addProgram(source: string, target = source): Promise<void> {
    await this.#copy(source, target);
    for (const library of await librariesOf(source)) await this.#copy(library, library);
  }

  async addFile(target: string, text: string, mode = 0o644): Promise<void> {
    const file = await this.#place(target);
    await writeFile(file, text);
    await chmod(file, mode);
  }

  async addFolder(target: string, mode = 0o755): Promise<void> {
    const folder = path.join(this.folder, target);
    await mkdir(folder, { recursive: true });
    // Not with mkdir, which takes the umask off.
    await chmod(folder, mode);
  }

  async #copy(source: string, target: string): Promise<void> {
    await copyFile(await realpath(source), await this.#place(target));
  }

  async #place(target: string): Promise<string> {
    const file = path.join(this.folder, target);
    await mkdir(path.dirname(file), { recursive: true });
    return file;
  }
}

/** None for a static program, for which `ldd` fails or says so. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const listing = await run('ldd', program).catch(() => '');
  return [...listing.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, file]) => file ?? '');
}
