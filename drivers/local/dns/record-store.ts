import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { applyBatch, type BatchOutcome, type RecordSet } from './record-set';

/**
 * The record sets of the server, in one JSON file. A batch is on disk before it is answered and before it is served; nothing
 * here yields, so that two batches never mix.
 */
export class RecordStore {
  private constructor(
    private readonly file: string,
    private current: readonly RecordSet[],
    private currentSerial: number,
  ) {}

  static open(folder: string): RecordStore {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'records.json');
    const { sets, serial } = readState(file);
    return new RecordStore(file, sets, serial);
  }

  get sets(): readonly RecordSet[] {
    return this.current;
  }

  /** Counts the batches; the serial of the zone. */
  get serial(): number {
    return this.currentSerial;
  }

  change(changes: readonly unknown[]): BatchOutcome {
    const outcome = applyBatch(this.current, changes);
    if (outcome.kind === 'refused') return outcome;
    writeDurably(this.file, JSON.stringify({ serial: this.currentSerial + 1, sets: outcome.sets }, undefined, 2));
    this.current = outcome.sets;
    this.currentSerial += 1;
    return outcome;
  }
}

function readState(file: string): { readonly sets: readonly RecordSet[]; readonly serial: number } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { sets: RecordSet[]; serial: number };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { sets: [], serial: 1 };
    throw error;
  }
}

function writeDurably(file: string, content: string): void {
  const temporary = `${file}.tmp`;
  writeAndSync(temporary, content);
  renameSync(temporary, file);
  const folder = openSync(path.dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function writeAndSync(file: string, content: string): void {
  const handle = openSync(file, 'w');
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
