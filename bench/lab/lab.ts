import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { benchRunbook, type BenchShape } from '../plan/bench-runbook';
import { withInstallation, type Installation } from './installation';
import type { MemoryWorkerSettings } from './memory-worker-settings';

export interface LabOptions extends BenchShape, Pick<MemoryWorkerSettings, 'stepMs' | 'plan'> {
  /** So many protection groups of the same shape; one, unless given. */
  readonly copies?: number;
  /** The sites outlive the worker. */
  readonly keepSites?: boolean;
}

/** An installation over in-memory sites. */
export type Lab = Installation;

/** Puts up server and worker, waits until the groups are protected, and takes everything down again. */
export function withLab<Result>(options: LabOptions, use: (lab: Lab) => Promise<Result>): Promise<Result> {
  const groups = Array.from({ length: options.copies ?? 1 }, (_, index) => `${options.group}-${index + 1}`);
  return withInstallation(
    {
      runbooks: groups.map((group) => benchRunbook({ ...options, group })),
      program: path.join(__dirname, 'memory-worker.ts'),
      environment: async (home, runbooks) => {
        const settings: MemoryWorkerSettings = {
          runbooks,
          stepMs: options.stepMs,
          plan: options.plan,
          ...(options.keepSites && { stateFile: path.join(home, 'sites.json') }),
        };
        const file = path.join(home, 'worker.json');
        await writeFile(file, JSON.stringify(settings));
        return { BENCH_WORKER: file };
      },
    },
    use,
  );
}
