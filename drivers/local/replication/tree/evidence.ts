/**
 * What a pass learned: "this file here and that file there have the same content". A file is known by size, modification
 * time, change time and inode, so the knowledge stays true for ever, whatever happens to the files: another content has
 * another change time. Losing the index costs time, never correctness.
 */
export type Evidence = Float64Array;

/** size, then modification time (µs), change time (ms) and inode of the source's file, then of the target's. */
export const evidenceFields = 7;

/** Change time not known yet: the rename that put the file in place sets it later. */
const unknown = -1;

/** Node sets times to the microsecond, so they are compared to the microsecond. */
export const microseconds = (ms: number): number => Math.round(ms * 1000);

/** What identifies the content of a file on one side. */
export interface FileIdentity {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

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
export function provesSame(known: Evidence, source: FileIdentity, target: FileIdentity): boolean {
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
export function settled(known: Evidence, target: FileIdentity): Evidence {
  if (known[5] === target.ctimeMs) return known;
  const next = Float64Array.from(known);
  next[5] = settledChangeTime(target.ctimeMs, Date.now());
  return next[5] === known[5] ? known : next;
}

/** For the opposite direction: what was the target is the source. */
export const reversed = (known: Evidence): Evidence =>
  Float64Array.of(known[0]!, known[4]!, known[5]!, known[6]!, known[1]!, known[2]!, known[3]!);
