import { readFileSync } from 'node:fs';

/** Resident memory of processes together, in MiB; null where /proc is missing. */
export function rssMiB(pids: readonly number[]): number | null {
  const each = pids.map((pid) => fieldMiB(pid, 'VmRSS'));
  return each.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}

/** The most that was ever resident, in MiB; null where /proc is missing. */
export const peakRssMiB = (pid: number): number | null => fieldMiB(pid, 'VmHWM');

function fieldMiB(pid: number, field: string): number | null {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return null;
  }
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) / 1024;
}
