import { readFileSync, writeFileSync } from 'node:fs';
import type { Pacer } from '../pacer';
import type { RawPath } from './raw-path';
import type { TreeEntry } from './scan-tree';

/**
 * What a pass learned: "this file here and that file there have the same content". A file is known by size, modification
 * time, change time and inode, so the knowledge stays true for ever, whatever happens to the files: another content has
 * another change time. Losing the index costs time, never correctness.
 */
export interface PairIndex {
  readonly known: ReadonlyMap<RawPath, Evidence>;
}

/** size, then modification time (µs), change time (ms) and inode of the source's file, then of the target's. */
export type Evidence = Float64Array;

/** Change time not known yet: the rename that put the file in place sets it later. */
const unknown = -1;
const fields = 7;
const entriesPerSegment = 20_000;

/** Node sets times to the microsecond, so they are compared to the microsecond. */
export const microseconds = (ms: number): number => Math.round(ms * 1000);

/** What identifies the content of a file on one side. */
export type FileIdentity = Pick<TreeEntry, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>;

/**
 * Change times have the kernel's tick (4 ms, on old file systems 2 s). A file that changed just before it was looked at may
 * change again under the same time: such a time proves nothing.
 */
export function settledChangeTime(ctimeMs: number, lookedAtMs: number): number {
  const tickMs = ctimeMs % 1000 === 0 ? 2_500 : 100;
  return ctimeMs + tickMs < lookedAtMs ? ctimeMs : unknown;
}

export function evidence(source: FileIdentity, target: Pick<FileIdentity, 'mtimeMs' | 'ctimeMs' | 'ino'>): Evidence {
  return Float64Array.of(
    source.size,
    microseconds(source.mtimeMs),
    source.ctimeMs,
    source.ino,
    microseconds(target.mtimeMs),
    target.ctimeMs,
    target.ino,
  );
}

/** Evidence of a file that a rename is about to put in place. */
export const stagedTarget = (mtimeMs: number, ino: number) => ({ mtimeMs, ctimeMs: unknown, ino });

/** True when the evidence proves that the two files have the same content. */
export function provesSame(known: Evidence, source: TreeEntry, target: TreeEntry): boolean {
  return (
    known[0] === source.size &&
    known[1] === microseconds(source.mtimeMs) &&
    known[2] === source.ctimeMs &&
    known[3] === source.ino &&
    known[0] === target.size &&
    known[4] === microseconds(target.mtimeMs) &&
    (known[5] === target.ctimeMs || known[5] === unknown) &&
    known[6] === target.ino
  );
}

/** The same evidence once the target's change time has been seen. */
export function settled(known: Evidence, target: TreeEntry): Evidence {
  if (known[5] === target.ctimeMs) return known;
  const next = Float64Array.from(known);
  next[5] = settledChangeTime(target.ctimeMs, Date.now());
  return next[5] === known[5] ? known : next;
}

/** For the opposite direction: what was the target is the source. */
export const reversed = (known: Evidence): Evidence =>
  Float64Array.of(known[0]!, known[4]!, known[5]!, known[6]!, known[1]!, known[2]!, known[3]!);

interface Header {
  readonly format: 1;
  readonly source: string;
  readonly target: string;
}

export function writePairIndex(
  file: string,
  pair: { readonly source: string; readonly target: string },
  known: ReadonlyMap<RawPath, Evidence>,
): void {
  const header: Header = { format: 1, source: pair.source, target: pair.target };
  const parts: Buffer[] = [lengthPrefixed(Buffer.from(JSON.stringify(header)))];
  const paths = [...known.keys()];
  for (let from = 0; from < paths.length; from += entriesPerSegment) {
    const segment = paths.slice(from, from + entriesPerSegment);
    const numbers = new Float64Array(segment.length * fields);
    segment.forEach((path, at) => numbers.set(known.get(path)!, at * fields));
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
    paths.forEach((path, index) => known.set(path, numbers.subarray(index * fields, (index + 1) * fields)));
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
