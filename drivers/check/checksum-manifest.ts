import { openInside, type Fault, type VolumeReader } from './volume-file';

export type ManifestLine = { readonly kind: 'file'; readonly file: string; readonly sha256: string } | Fault;

/** The lines of a manifest as `sha256sum` writes it: "<sha256>  <path>", or "<sha256> *<path>". */
export async function* readManifest(reader: VolumeReader, manifest: string): AsyncGenerator<ManifestLine> {
  const handle = await openInside(reader, manifest);
  if ('because' in handle) {
    yield { kind: 'fault', because: `manifest ${handle.because}` };
    return;
  }
  try {
    let number = 0;
    for await (const text of handle.readLines({ encoding: 'utf8' })) {
      number += 1;
      reader.signal.throwIfAborted();
      if (text.trim() !== '') yield parseLine(text, `manifest ${manifest}, line ${number}`);
    }
  } finally {
    await handle.close();
  }
}

function parseLine(text: string, where: string): ManifestLine {
  const [, escaped, sha256, file] = /^(\\?)([0-9a-fA-F]{64}) [ *](.+)$/.exec(text) ?? [];
  if (sha256 === undefined || file === undefined)
    return { kind: 'fault', because: `${where} is not "<sha256>  <path>"` };
  return { kind: 'file', sha256: sha256.toLowerCase(), file: escaped === '\\' ? unescape(file) : file };
}

/** A line that begins with a backslash has line ends and backslashes of its path escaped. */
const unescape = (file: string): string => file.replace(/\\([\\n])/g, (_all, mark) => (mark === 'n' ? '\n' : '\\'));
