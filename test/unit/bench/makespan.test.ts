import { existsSync } from 'node:fs';
import { criticalPathSeconds, makespanSeconds } from '../../../bench/measure/makespan';
import { median } from '../../../bench/measure/median';
import { peakRssMiB, rssMiB } from '../../../bench/process-memory';
import type { RunEvent } from '../../../core/model/run';

const events: readonly RunEvent[] = [
  { at: '2026-11-21T10:00:00.000Z', kind: 'run-started', requestedBy: 'ana' },
  { at: '2026-11-21T10:00:01.000Z', kind: 'plan-pinned', hash: 'h' },
  { at: '2026-11-21T10:00:02.000Z', kind: 'step-scheduled', step: 'one' },
  { at: '2026-11-21T10:00:05.250Z', kind: 'run-finished', verdict: 'completed', because: 'done' },
];

describe('the makespan', () => {
  test('begins with the pinned plan and ends with the run', () => {
    expect(makespanSeconds(events)).toBe(4.25);
  });

  test('is compared with 4 steps a group, one after the other', () => {
    expect(criticalPathSeconds({ priorities: 5, stepMs: 200 })).toBe(4);
  });
});

const hasProc = existsSync('/proc/self/status');

describe('the memory of processes', () => {
  test('is summed up, and less than its peak; null where /proc is missing', () => {
    const [one, both, peak] = [rssMiB([process.pid]), rssMiB([process.pid, process.pid]), peakRssMiB(process.pid)];
    if (!hasProc) expect([one, both, peak]).toEqual([null, null, null]);
    else {
      expect(one).toBeGreaterThan(10);
      expect(both).toBeGreaterThan(1.5 * (one ?? 0));
      expect(peak).toBeGreaterThanOrEqual(0.9 * (one ?? 0));
    }
  });

  test('is null when one of them is not to be seen', () => {
    expect(rssMiB([process.pid, 0])).toBeNull();
  });
});

test('the median of many is in their middle, whatever their order', () => {
  expect(median([9, 1, 5])).toBe(5);
});
