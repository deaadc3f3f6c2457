/** One figure that issue and README name: the key of the JSON line, and what it means. */
export interface Figure {
  readonly what: string;
  readonly unit: 'ms' | 's' | 'MiB' | 'x' | 'events';
  readonly goal: number;
  readonly how: string;
}

/** In the order of the table and of the JSON line. A goal is what the figure should be at most. */
export const figures = {
  stepMs: {
    what: 'a sequential no-op step',
    unit: 'ms',
    goal: 12,
    how: 'median of 200 activities, one after the other',
  },
  makespanRatio1s: {
    what: 'makespan over critical path, steps of 1 s',
    unit: 'x',
    goal: 1.05,
    how: '5 groups x 20 workloads x 4 steps, from the pinned plan to the end of the run',
  },
  makespanRatio200ms: {
    what: 'makespan over critical path, steps of 200 ms',
    unit: 'x',
    goal: 1.12,
    how: '5 groups x 10 workloads x 4 steps, median of 5 runs on one worker',
  },
  thousandWorkloadsRatio: {
    what: 'makespan over critical path, 1,000 workloads',
    unit: 'x',
    goal: 1.25,
    how: '10 groups x 100 workloads x 4 steps of 1 s, in child workflows',
  },
  maxHistoryEvents: {
    what: 'longest history of the 1,000 workloads',
    unit: 'events',
    goal: 10_000,
    how: 'of the run and of every child workflow',
  },
  workerRssMiB: {
    what: 'memory of the worker, 1,000 workloads',
    unit: 'MiB',
    goal: 1024,
    how: 'the most that was ever resident',
  },
  approvalMs: {
    what: 'an approval is accepted',
    unit: 'ms',
    goal: 15,
    how: 'median of 40 updates `decide`, sent to answered',
  },
  syncFilesRatio: {
    what: 'delta sync of 10,000 files, 1 % changed',
    unit: 'x',
    goal: 1.5,
    how: 'over `rsync -a --delete` on the same folders, medians of 5',
  },
  syncLargeFileRatio: {
    what: 'delta sync of a file of 1 GiB, 1 % changed',
    unit: 'x',
    goal: 1.5,
    how: 'over `rsync -a --delete` on the same folders, medians of 5',
  },
  evidenceFolderAppendMs: {
    what: 'an entry of evidence is kept, in a folder',
    unit: 'ms',
    goal: 6,
    how: 'mean of 10,000, one after the other, on the disk before the next',
  },
  evidenceS3AppendMs: {
    what: 'an entry of evidence is kept, in S3',
    unit: 'ms',
    goal: 20,
    how: 'the same in moto on loopback: three requests each',
  },
  evidenceFolderVerifySeconds: {
    what: '10,000 entries are verified, in a folder',
    unit: 's',
    goal: 3,
    how: 'every entry and every body read and hashed',
  },
  evidenceS3VerifySeconds: {
    what: '10,000 entries are verified, in S3',
    unit: 's',
    goal: 90,
    how: 'the same in moto on loopback: 20,000 requests, 32 at once, of which moto answers one after the other',
  },
  footprintMiB: {
    what: 'memory of server and worker together',
    unit: 'MiB',
    goal: 600,
    how: 'resident after the run of 5 x 20 workloads',
  },
  workerKillSeconds: {
    what: 'what a killed worker costs',
    unit: 's',
    goal: 4,
    how: 'worst of 3 moments in 10 workloads x 4 steps of 1.5 s, against a run without',
  },
  serverKillSeconds: {
    what: 'what a killed server costs',
    unit: 's',
    goal: 1,
    how: 'worst of 3 moments in 10 workloads x 4 steps of 1.5 s, against a run without',
  },
} as const satisfies Record<string, Figure>;

export type FigureKey = keyof typeof figures;

/** null: it could not be measured. */
export type Measured = Readonly<Record<FigureKey, number | null>>;

const keys = Object.keys(figures) as FigureKey[];

/** Every key, in the order of `figures`; what is missing is null. */
const completed = (some: Partial<Measured>): Measured =>
  Object.fromEntries(keys.map((key) => [key, rounded(key, some[key] ?? null)])) as Measured;

/** The last line of `npm run -s bench -- --json`. */
export const jsonLine = (some: Partial<Measured>): string => JSON.stringify(completed(some));

function rounded(key: FigureKey, value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  const digits = { ms: 1, s: 2, MiB: 0, x: 3, events: 0 }[figures[key].unit];
  return Number(value.toFixed(digits));
}

/** The table for people: a goal is shown beside what was measured and judged by nobody but them. */
export function table(some: Partial<Measured>): string {
  const measured = completed(some);
  const rows = keys.map((key) => {
    const { what, unit, goal, how } = figures[key];
    return [what, `<= ${goal} ${unit}`, measured[key] === null ? '-' : `${measured[key]} ${unit}`, how];
  });
  const all = [['figure', 'goal', 'measured', 'how'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}
