import type { FaultTrial, TrialEnd, TrialFault, WrongEnd } from '../core/model/fault-trial';
import type { PlanStep, RecoveryPlan } from '../core/model/plan';
import type { StepState } from '../core/model/run';
import { traitsOf } from '../core/model/step-kinds';
import { answerTo, policyFor } from '../core/running/failure-rules';
import { notCompleted, notUndone, wrongEnd } from './advice';
import { inPlanOrder, type Choose } from './choose';
import { lostRecords, problemsIn, problemsOfLost, type Problem } from './end-state';
import { lastBeforeCommit } from './faults';
import type { Lab } from './lab';
import type { Scene } from './scenes';
import { SimulatedRun, type Fault } from './simulated-run';
import { BrokenInvariant } from './watch';

/** A scene in its beginning, which every trial has a copy of. */
export interface Trial {
  readonly scene: Scene;
  readonly opened: Lab;
  /** Default: the order of the plan. */
  readonly choose?: Choose;
}

interface Ended {
  readonly end: TrialEnd;
  readonly wrong: readonly WrongEnd[];
}

/** One run of the operation in which nothing is made to fail, or one step, or one compensation. Never throws. */
export async function tryOnce(trial: Trial, fault?: TrialFault): Promise<FaultTrial> {
  const { title: scene, start } = trial.scene;
  const about = { operation: start.operation, scene, ...(fault && { fault }) };
  try {
    return { ...about, ...(await endOf(trial, fault)) };
  } catch (error) {
    if (error instanceof BrokenInvariant) {
      return { ...about, end: 'unsafe', wrong: [wrongEnd(error.code, error.subject, { saw: error.message })] };
    }
    const saw = error instanceof Error ? error.message : String(error);
    return { ...about, end: 'stuck', wrong: [wrongEnd('NotCompleted', start.operation, { saw })] };
  }
}

const endOf = (trial: Trial, fault: TrialFault | undefined): Promise<Ended> => {
  if (fault === undefined) return undisturbed(trial);
  return fault.during === 'rollback' ? failingRollback(trial, fault) : failingStep(trial, fault);
};

async function undisturbed({ scene, opened, choose = inPlanOrder }: Trial): Promise<Ended> {
  const lab = opened.copy();
  return carryThrough(await SimulatedRun.begin(lab, scene.start), { scene, choose });
}

/** Runs to the end with nothing made to fail, and looks whether that end is the designed one. */
async function carryThrough(
  run: SimulatedRun,
  { scene, choose }: { readonly scene: Scene; readonly choose: Choose },
): Promise<Ended> {
  const failed = await run.execute({ choose, watched: true });
  if (failed !== undefined) return { end: 'stuck', wrong: [notCompleted(run, failed)] };
  run.lab.giveUpLost(scene.after.active);
  const problems = await problemsIn(run.lab, scene.after);
  return { end: 'completed', wrong: problems.map(({ subject, saw }) => wrongEnd('NotAsDesigned', subject, { saw })) };
}

/** What the run does then is what its runbook says of failures; the person who is asked rolls back while that is possible. */
async function failingStep(trial: Trial, fault: TrialFault): Promise<Ended> {
  const { scene, opened, choose = inPlanOrder } = trial;
  const run = await SimulatedRun.begin(opened.copy(), scene.start);
  const answer = answering(run, fault);
  const failed = await run.execute({ fault: simulated(fault), choose, watched: true, answer });
  if (failed === undefined) return completed(run, scene);
  if (run.committing) return { end: 'stuck', wrong: [notCompleted(run, failed)] };
  const left = await run.rollBack({ choose, watched: true });
  // What else is not as before follows from these.
  if (left.length > 0) return { end: 'rollback-incomplete', wrong: left.map(stopped) };
  const problems = await problemsAfterRollback(run.lab, scene);
  const wrong = [
    ...problems.map(({ subject, saw }) => wrongEnd('NotAsBefore', subject, { saw })),
    ...stepsNotUndone(run).map(notUndone),
  ];
  const end = fault.moment === 'closed' ? 'declined' : 'rolled-back';
  if (problems.length > 0) return { end, wrong };
  // What began where the first run had begun must come to the same end.
  const again = await carryThrough(await SimulatedRun.begin(run.lab, scene.start), { scene, choose });
  return { end, wrong: [...wrong, ...again.wrong.map((one) => ({ ...one, saw: `when it is run again: ${one.saw}` }))] };
}

function stopped({ id, status, error }: StepState): WrongEnd {
  const saw =
    status === 'failed' ? `failed: ${error?.message ?? ''}` : 'did not run: something that it needs did not succeed';
  return wrongEnd('RollbackStopped', id, { saw: `${id} ${saw}` });
}

/** A rollback that cannot be complete does all the rest. */
async function failingRollback({ scene, opened, choose = inPlanOrder }: Trial, fault: TrialFault): Promise<Ended> {
  const run = await failedAtTheEnd(opened, scene);
  await run.rollBack({ fault: simulated(fault), choose, watched: true });
  const mayMiss = dependentsOf(run.plan, fault.step);
  const heldUp = run
    .compensations()
    .filter(({ id, status }) => !mayMiss.has(id) && status !== 'done' && status !== 'not-needed');
  return {
    end: 'rollback-incomplete',
    wrong: heldUp.map(({ id, status }) =>
      wrongEnd('RollbackStopped', id, { saw: `${id} is ${status}, though it can do without ${fault.step}` }),
    ),
  };
}

/** A run that failed at the last step before its commit point: whatever it could begin is begun. */
export async function failedAtTheEnd(opened: Lab, scene: Scene): Promise<SimulatedRun> {
  const run = await SimulatedRun.begin(opened.copy(), scene.start);
  const step = lastBeforeCommit(run.plan)?.id ?? '';
  await run.execute({ fault: { step, moment: 'after' }, watched: true });
  return run;
}

const simulated = ({ step, moment }: TrialFault): Fault => ({ step, moment: moment === 'after' ? 'after' : 'before' });

/** As workflows/failure-policies.ts, with a person who goes back if that is possible, and else mends what failed. */
function answering(run: SimulatedRun, fault: TrialFault) {
  const failures = new Map<string, number>();
  let mended = false;
  return (step: PlanStep): 'stop' | 'retry' | 'mend' | 'leave-out' => {
    const count = (failures.get(step.id) ?? 0) + 1;
    failures.set(step.id, count);
    if (fault.moment === 'closed') return 'stop';
    const { committing } = run;
    const answer = answerTo(policyFor(run.plan, step), { step, failures: count, committing });
    if (answer === 'continue') return 'leave-out';
    if (answer === 'retry') return 'retry';
    if (answer === 'rollback' || !committing || mended) return 'stop';
    mended = true;
    return 'mend';
  };
}

/** What the runbook said may be left out is not missed: the verdict names it. */
async function completed(run: SimulatedRun, scene: Scene): Promise<Ended> {
  const leftOut = run.leftOut();
  const missing = new Set(leftOut.flatMap(({ workload, volume, record }) => [workload, volume, record]));
  run.lab.giveUpLost(scene.after.active);
  const problems = (await problemsIn(run.lab, scene.after)).filter(({ subject }) => !missing.has(subject));
  return {
    end: leftOut.length > 0 ? 'completed-with-issues' : 'completed',
    wrong: problems.map(({ subject, saw }) => wrongEnd('NotAsDesigned', subject, { saw })),
  };
}

async function problemsAfterRollback(lab: Lab, { start, before, lost }: Scene): Promise<readonly Problem[]> {
  if (start.mode !== 'unplanned') return problemsIn(lab, before);
  const vanished = lostRecords(lab, before.active);
  lab.giveUpLost(before.active);
  return [...vanished, ...(lost ? problemsOfLost(lab, before) : await problemsIn(lab, before))];
}

/** Hooks and manual steps that took effect, must not stay done, and that nothing in the rollback undoes. */
function stepsNotUndone({ plan, added }: SimulatedRun): readonly PlanStep[] {
  const undone = new Set(plan.rollback.flatMap(({ compensates }) => compensates));
  return plan.steps.filter(
    ({ id, kind, input }) => traitsOf(kind).added && !input.mayStay && added.has(id) && !undone.has(id),
  );
}

/** Everything that cannot run without that compensation. */
function dependentsOf({ rollback }: RecoveryPlan, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const step of rollback) if (step.requires.some((other) => found.has(other))) found.add(step.id);
  }
  return found;
}
