import { readFileSync, writeFileSync } from 'node:fs';
import type { Pacer } from '../pacer';
import type { RawPath } from './raw-path';
import { evidenceFields, type Evidence } from './evidence';

const entriesPerSegment = 20_000;

interface Header {
  readonly format: 1;
  readonly source: string;
  readonly target: string;
}

/** `paths` and `proofs` belong together by position. */
export interface PairEntries {
  readonly paths: readonly RawPath[];
  readonly proofs: readonly Evidence[];
}

export function writePairIndex(
  file: string,
  pair: { readonly source: string; readonly target: string },
  { paths, proofs }: PairEntries,
): void {
  const header: Header = { format: 1, source: pair.source, target: pair.target };
  const parts: Buffer[] = [lengthPrefixed(Buffer.from(JSON.stringify(header)))];
  for (let from = 0; from < paths.length; from += entriesPerSegment) {
    const segment = paths.slice(from, from + entriesPerSegment);
    const numbers = new Float64Array(segment.length * evidenceFields);
    segment.forEach((_, at) => numbers.set(proofs[from + at]!, at * evidenceFields));
    parts.push(lengthPrefixed(Buffer.from(segment.join('\0'), 'latin1')), lengthPrefixed(Buffer.from(numbers.buffer)));
  }
  writeFileSync(file, Buffer.concat(parts));
}

/** The index in that file when it is of that pair of sites; undefined when there is none, or it is unreadable. */
export async function readPairIndex(
  file: string,
  pair: { readonly source: string; readonly target: string },
  pacer: Pacer,
): Promise<Map<RawPath, Evidence> | undefined> {
  const parts = splitParts(bytesOf(file));
  const header = parts && parseHeader(parts[0]);
  if (parts === undefined || header?.source !== pair.source || header.target !== pair.target) return undefined;
  const known = new Map<RawPath, Evidence>();
  for (let at = 1; at + 1 < parts.length; at += 2) {
    const paths = parts[at]!.toString('latin1').split('\0');
    // A copy of its own: numbers must begin at a multiple of eight bytes.
    const numbers = new Float64Array(new Uint8Array(parts[at + 1]!).buffer);
    paths.forEach((path, index) =>
      known.set(path, numbers.subarray(index * evidenceFields, (index + 1) * evidenceFields)),
    );
    if (pacer.due) await pacer.breathe();
  }
  return known;
}

/** Whatever is wrong with it, without it files are compared by content. */
function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

function parseHeader(bytes: Buffer | undefined): Header | undefined {
  try {
    const header = JSON.parse(bytes?.toString('utf8') ?? '') as Header;
    return header.format === 1 ? header : undefined;
  } catch {
    return undefined;
  }
}

function lengthPrefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeDoubleLE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Undefined when the file was cut off. */
function splitParts(bytes: Buffer): readonly Buffer[] | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) return undefined;
    const end = at + 8 + bytes.readDoubleLE(at);
    if (end > bytes.length) return undefined;
    parts.push(bytes.subarray(at + 8, end));
    at = end;
  }
  return parts;
}
