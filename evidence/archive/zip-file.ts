import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Unzip, UnzipInflate, Zip, ZipDeflate } from 'fflate';

/** The earliest that a zip can say, by its own calendar: the same in every time zone, so that equal files give equal bytes. */
const NO_TIME = new Date(1980, 0, 1);
/** A plain file of Unix that all may read. */
const PLAIN = { os: 3, attrs: 0o100644 << 16 };

/** A zip that is written file by file, each of which is held in memory alone. */
export class ZipWriter {
  private readonly chunks: Uint8Array[] = [];
  private failure: Error | undefined;
  private readonly zip = new Zip((error, chunk) => {
    if (error) this.failure = error;
    else this.chunks.push(chunk);
  });

  private constructor(private readonly handle: FileHandle) {}

  /** @throws Error EEXIST when there is something of that name */
  static async create(file: string): Promise<ZipWriter> {
    return new ZipWriter(await open(file, 'wx'));
  }

  async add(name: string, text: string): Promise<void> {
    const file = Object.assign(new ZipDeflate(name, { level: 6 }), { mtime: NO_TIME, ...PLAIN });
    this.zip.add(file);
    file.push(new TextEncoder().encode(text), true);
    await this.flush();
  }

  async end(): Promise<void> {
    this.zip.end();
    await this.flush();
    await this.handle.sync();
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async flush(): Promise<void> {
    if (this.failure) throw this.failure;
    for (const chunk of this.chunks.splice(0)) await this.handle.write(chunk);
  }
}

/** Each file of a zip with its bytes, one after the other. Directories are none. @throws Error when it is none, or is damaged */
export async function readZip(file: string, take: (name: string, bytes: Uint8Array) => void): Promise<void> {
  let failure: Error | undefined;
  const unzip = new Unzip((found) => {
    const chunks: Uint8Array[] = [];
    found.ondata = (error, chunk, final) => {
      if (error) failure = error;
      else chunks.push(chunk);
      if (final && !failure && !found.name.endsWith('/')) take(found.name, Buffer.concat(chunks));
    };
    found.start();
  });
  unzip.register(UnzipInflate);
  for await (const chunk of createReadStream(file)) {
    unzip.push(chunk as Uint8Array);
    if (failure) throw failure;
  }
  unzip.push(new Uint8Array(), true);
  if (failure) throw failure;
}
