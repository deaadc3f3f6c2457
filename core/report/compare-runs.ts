import type { Decision } from '../model/run';
import type { Verdict } from '../model/verdict';
import { FEWEST_RUNS, MOST_RUNS, percentile } from '../planning/earlier-runs';
import type { Report } from './report';
import type { StepFigure } from './report-steps';

/** What tells two runs apart, the first one taken for the earlier. In seconds. */
export interface RunComparison {
  readonly schemaVersion: 1;
  readonly first: ComparedRun;
  readonly second: ComparedRun;
  readonly plan: PlanComparison;
  readonly figures: readonly FigureComparison[];
  readonly steps: readonly StepComparison[];
  /** From how many earlier completed runs of the operation deviations were told; fewer than three tell none. */
  readonly earlierRuns: number;
  readonly decisions: { readonly first: readonly SaidDecision[]; readonly second: readonly SaidDecision[] };
  readonly checks: readonly CheckComparison[];
}

export interface ComparedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly operation: string;
  readonly verdict: Verdict | 'running';
  readonly startedAt?: string;
  readonly because: string;
}

export interface PlanComparison {
  /** The same plan ran, by its hash. */
  readonly same: boolean;
  readonly sameRunbook: boolean;
  readonly hashes: readonly [first: string | null, second: string | null];
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Steps of the same id that do something else. */
  readonly changed: readonly string[];
}

export interface FigureComparison {
  readonly figure: string;
  readonly first: number | null;
  readonly second: number | null;
}

export interface StepComparison {
  readonly id: string;
  readonly title: string;
  readonly status: readonly [first: StepFigure['status'] | null, second: StepFigure['status'] | null];
  readonly first: number | null;
  readonly second: number | null;
  /** The 90th percentile of earlier runs. Absent: too few of them had the step. */
  readonly p90?: number;
  /** The second run took longer for it than nine of ten earlier ones. */
  readonly deviation: boolean;
}

export type SaidDecision = Pick<Decision, 'gate' | 'by' | 'decision'>;

export interface CheckComparison {
  readonly step: string;
  readonly first: string;
  readonly second: string;
}

/** Steps whose summary says what a check or a proof has seen. */
const checking: readonly StepFigure['kind'][] = [
  'check-health',
  'verify-data',
  'verify-traffic',
  'verify-site',
  'test-connectivity',
  'final-sync',
];

/** @param earlier reports of the operation of the second run that ended before it, newest first; itself is left out */
export function compareRuns(first: Report, second: Report, earlier: readonly Report[]): RunComparison {
  const measured = earlier
    .filter(({ run, verdict }) => run.operation === second.run.operation && verdict === 'completed')
    .filter(({ run }) => run.runId !== second.run.runId)
    .slice(0, MOST_RUNS);
  return {
    schemaVersion: 1,
    first: comparedRun(first),
    second: comparedRun(second),
    plan: comparePlans(first, second),
    figures: compareFigures(first, second),
    steps: compareSteps(first, second, measured),
    earlierRuns: measured.length,
    decisions: { first: first.decisions.map(said), second: second.decisions.map(said) },
    checks: compareChecks(first, second),
  };
}

const said = ({ gate, by, decision }: Decision): SaidDecision => ({ gate, by, decision });

const comparedRun = ({ run, verdict, because }: Report): ComparedRun => ({
  workflowId: run.workflowId,
  runId: run.runId,
  operation: run.operation,
  verdict,
  ...(run.startedAt !== undefined && { startedAt: run.startedAt }),
  because,
});

const isWork = ({ kind }: StepFigure): boolean => kind !== 'barrier';

const stepsOf = ({ steps }: Report): ReadonlyMap<string, StepFigure> =>
  new Map(steps.filter(isWork).map((step) => [step.id, step]));

function comparePlans(first: Report, second: Report): PlanComparison {
  const [before, after] = [stepsOf(first), stepsOf(second)];
  const deed = ({ kind, title, site, workload, volume, record }: StepFigure): string =>
    JSON.stringify([kind, title, site, workload, volume, record]);
  return {
    same: first.plan !== undefined && first.plan.hash === second.plan?.hash,
    sameRunbook: first.plan !== undefined && first.plan.runbookDigest === second.plan?.runbookDigest,
    hashes: [first.plan?.hash ?? null, second.plan?.hash ?? null],
    removed: [...before.keys()].filter((id) => !after.has(id)),
    added: [...after.keys()].filter((id) => !before.has(id)),
    changed: [...after.values()].flatMap((step) => {
      const same = before.get(step.id);
      return same && withoutEpochs(deed(same)) !== withoutEpochs(deed(step)) ? [step.id] : [];
    }),
  };
}

/** Every run has epochs of its own, and titles name them. */
const withoutEpochs = (text: string): string => text.replaceAll(/epoch \d+/g, 'epoch');

function compareFigures(first: Report, second: Report): readonly FigureComparison[] {
  const figures: readonly (readonly [string, (report: Report) => number | undefined])[] = [
    ['recovery time', ({ recoveryTime }) => recoveryTime.seconds],
    ['of it waiting for people', ({ recoveryTime }) => recoveryTime.peopleSeconds],
    ['downtime', ({ interruption }) => interruption.seconds],
    ['data loss', ({ dataLoss }) => dataLoss.seconds],
    ['whole run', ({ time }) => time.totalSeconds],
    ['machines', ({ time }) => time.machineSeconds],
    ['people', ({ time }) => time.peopleSeconds],
    ['clocks', ({ time }) => time.clockSeconds],
    ['orchestrator', ({ time }) => time.orchestratorSeconds],
    ['estimate', ({ estimate }) => estimate.estimateSeconds],
  ];
  return figures.map(([figure, of]) => ({ figure, first: of(first) ?? null, second: of(second) ?? null }));
}

function compareSteps(first: Report, second: Report, earlier: readonly Report[]): readonly StepComparison[] {
  const [before, after] = [stepsOf(first), stepsOf(second)];
  const past = earlier.map(stepsOf);
  const ids = [...new Set([...after.keys(), ...before.keys()])];
  return ids.map((id) => {
    const [one, other] = [before.get(id), after.get(id)];
    const seconds = past.flatMap((steps) => steps.get(id)?.seconds ?? []);
    const p90 = seconds.length < FEWEST_RUNS ? undefined : percentile(seconds);
    return {
      id,
      title: (other ?? one)?.title ?? id,
      status: [one?.status ?? null, other?.status ?? null],
      first: one?.seconds ?? null,
      second: other?.seconds ?? null,
      ...(p90 !== undefined && { p90 }),
      deviation: p90 !== undefined && other?.seconds !== undefined && other.seconds > p90,
    };
  });
}

function compareChecks(first: Report, second: Report): readonly CheckComparison[] {
  const before = stepsOf(first);
  return [...stepsOf(second).values()]
    .filter(({ kind }) => checking.includes(kind))
    .flatMap(({ id, summary, error }) => {
      const same = before.get(id);
      const [saw, sees] = [same?.summary ?? same?.error?.message ?? '', summary ?? error?.message ?? ''];
      return same && saw !== sees ? [{ step: id, first: saw, second: sees }] : [];
    });
}
