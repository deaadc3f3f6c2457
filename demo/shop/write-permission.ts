import { readFileSync, statSync } from 'node:fs';
import { isIsolated, type TierSettings } from './tier';

export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

interface Fence {
  readonly epoch: number;
  readonly quarantined?: boolean;
}

interface FenceLine extends Fence {
  readonly seq?: number;
}

/**
 * Whether this process may acknowledge a write at this moment. A workload asks after the write is durable and before it
 * answers, every time: from the moment a fence stands, nothing of a lower epoch is acknowledged.
 */
export function createWritePermission(settings: TierSettings): () => Permission {
  let known = { version: '', fence: { epoch: 0 } as Fence };
  return () => {
    if (isIsolated(settings)) return { allowed: false, because: 'the site is cut off' };
    try {
      const version = fileVersion(settings.fenceFile);
      if (version !== known.version) known = { version, fence: readFence(settings.fenceFile) };
    } catch (error) {
      return { allowed: false, because: `the fence cannot be read: ${String(error)}` };
    }
    const { epoch, quarantined } = known.fence;
    if (quarantined === true) return { allowed: false, because: 'the site is quarantined' };
    if (settings.epoch < epoch) return { allowed: false, because: `epoch ${settings.epoch} is fenced by ${epoch}` };
    return { allowed: true };
  };
}

/** The fence file only ever grows, so that its size tells whether it must be read again. */
function fileVersion(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? 'absent' : `${found.ino}/${found.size}/${found.mtimeNs}`;
}

/** One JSON record a line; a record counts when its number follows that of the last one that counts. */
export function parseFence(text: string): Fence {
  let fence: Fence = { epoch: 0 };
  let seq = 0;
  for (const line of text.split('\n').map(parseLine)) {
    if (line === undefined || (line.seq !== undefined && line.seq <= seq)) continue;
    if (line.seq !== undefined && line.seq > seq + 1) throw new Error(`record ${seq + 1} is missing`);
    seq = line.seq ?? seq + 1;
    fence = line;
  }
  if (seq === 0 && text.includes('\n')) throw new Error('it holds no readable record');
  return fence;
}

function readFence(file: string): Fence {
  return statSync(file, { throwIfNoEntry: false }) === undefined
    ? { epoch: 0 }
    : parseFence(readFileSync(file, 'utf8'));
}

function parseLine(text: string): FenceLine | undefined {
  try {
    const value = JSON.parse(text) as FenceLine | null;
    return typeof value?.epoch === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}
