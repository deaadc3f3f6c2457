/** In the order of the JSON line; null: it was not measured. */
export interface KubernetesFigures {
  readonly floorSeconds: number | null;
  readonly failbackSeconds: number | null;
  readonly ratioToFloor: number | null;
  readonly bashSeconds: number | null;
  readonly thousandSeconds: number | null;
  readonly requestsPerWorkloadDirection: number | null;
  readonly throttled: number | null;
  readonly readyLagMs95: number | null;
  readonly moverRatio: number | null;
}

/** What the table shows besides. */
export interface Details {
  /** Of the floor and of the failback: until everything was stopped. */
  readonly floorStopSeconds: number;
  readonly failbackStopSeconds: number;
  /** The whole run, from its request to its verdict. */
  readonly runSeconds: number;
  readonly thousandRunSeconds: number;
  readonly workerPeakMiB: number | null;
  readonly moverHow: string;
}

/** Digits after the point. */
const digits: Readonly<Record<keyof KubernetesFigures, number>> = {
  floorSeconds: 2,
  failbackSeconds: 2,
  ratioToFloor: 3,
  bashSeconds: 2,
  thousandSeconds: 2,
  requestsPerWorkloadDirection: 2,
  throttled: 0,
  readyLagMs95: 0,
  moverRatio: 2,
};

const keys = Object.keys(digits) as (keyof KubernetesFigures)[];

/** The last line of `npm run -s bench:kubernetes -- --json`. */
export function kubernetesJsonLine(figures: Partial<KubernetesFigures>): string {
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, rounded(figures[key] ?? null, digits[key])])));
}

const rounded = (value: number | null, places: number): number | null =>
  value === null || !Number.isFinite(value) ? null : Number(value.toFixed(places));

interface Row {
  readonly what: string;
  readonly value: number | null;
  readonly unit: string;
  readonly places: number;
  /** Absent: it is shown for the others. Null: what it depends on was not measured. */
  readonly goal?: readonly ['<=' | '>=', number | null];
  readonly how: string;
}

/** For people: what was measured, the goal, and whether it is met. */
export function kubernetesTable(measured: Partial<KubernetesFigures & Details>): string {
  const lines = rowsOf(measured).map((row) => {
    const cell = (value: number | null): string =>
      value === null ? '-' : `${rounded(value, row.places) ?? '-'} ${row.unit}`.trimEnd();
    const goal = row.goal === undefined ? '' : `${row.goal[0]} ${cell(row.goal[1])}`;
    return [row.what, cell(row.value), goal, judged(row), row.how];
  });
  const all = [['figure', 'measured', 'goal', '', 'how'], ...lines];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

function judged({ value, goal: [sign, limit] = ['<=', null] }: Row): '' | 'met' | 'NOT met' {
  if (value === null || limit === null) return '';
  return (sign === '<=' ? value <= limit : value >= limit) ? 'met' : 'NOT met';
}

function rowsOf(measured: Partial<KubernetesFigures & Details>): readonly Row[] {
  const seconds = { unit: 's', places: 2 };
  const { failbackSeconds } = measured;
  const times = (factor: number): number | null =>
    failbackSeconds === undefined || failbackSeconds === null ? null : failbackSeconds * factor;
  return [
    {
      what: 'floor: 100 Deployments x 2 replicas',
      value: measured.floorSeconds ?? null,
      ...seconds,
      how: 'parallel patches and a watch: stop all, gone, start all, Ready; median of 3',
    },
    { what: '  until all are gone', value: measured.floorStopSeconds ?? null, ...seconds, how: 'median of 3' },
    {
      what: 'failback of as many',
      value: measured.failbackSeconds ?? null,
      ...seconds,
      how: 'first stop scheduled to last start recorded, fence and proofs included; median of 3',
    },
    {
      what: '  until all are proven stopped',
      value: measured.failbackStopSeconds ?? null,
      ...seconds,
      how: 'median of 3',
    },
    {
      what: '  the whole run',
      value: measured.runSeconds ?? null,
      ...seconds,
      how: 'request to verdict, with prechecks, plan, health checks, commit; median of 3',
    },
    {
      what: 'failback over floor',
      value: measured.ratioToFloor ?? null,
      unit: 'x',
      places: 3,
      goal: ['<=', 1.25],
      how: 'median of the ratios of 3 rounds, turn and turn about',
    },
    {
      what: 'bash loop of kubectl',
      value: measured.bashSeconds ?? null,
      ...seconds,
      goal: ['>=', times(5)],
      how: 'scale one by one, then rollout status; once; the goal is 5 x the failback',
    },
    {
      what: 'failback of 1,000 Deployments x 2 replicas',
      value: measured.thousandSeconds ?? null,
      ...seconds,
      goal: ['<=', times(10)],
      how: 'as the one of 100; once; the goal is 10 x that',
    },
    { what: '  the whole run', value: measured.thousandRunSeconds ?? null, ...seconds, how: 'request to verdict' },
    {
      what: '  API requests per workload and direction',
      value: measured.requestsPerWorkloadDirection ?? null,
      unit: '',
      places: 2,
      goal: ['<=', 3],
      how: 'all of the worker, both clusters, whole run, of failover and failback the more; by flow schema',
    },
    {
      what: '  memory of the worker',
      value: measured.workerPeakMiB ?? null,
      unit: 'MiB',
      places: 0,
      goal: ['<=', 1024],
      how: 'the most',
    },
    {
      what: 'requests answered with 429',
      value: measured.throttled ?? null,
      unit: '',
      places: 0,
      goal: ['<=', 0],
      how: 'all of both clusters, whoever asked, since they were started',
    },
    {
      what: "a pod's Ready to the step's end",
      value: measured.readyLagMs95 ?? null,
      unit: 'ms',
      places: 0,
      goal: ['<=', 100],
      how: '95th percentile of 100 workloads; the event as another watch saw it, in a round of its own',
    },
    {
      what: 'final delta of a volume over rsync',
      value: measured.moverRatio ?? null,
      unit: 'x',
      places: 2,
      goal: ['<=', 2],
      how: measured.moverHow ?? '',
    },
  ];
}
