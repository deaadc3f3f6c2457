import fc from 'fast-check';
import { parsedShop } from '../planning/shop';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';
import { inPlanOrder, type Choose } from '../../../simulation/choose';
import { arbitraryPicks, choosing } from './choices';
import { lostRecords, problemsIn, problemsOfLost } from '../../../simulation/end-state';
import { allScenes, type Scene } from '../../../simulation/scenes';
import { carriedOut, SimulatedRun, type Fault } from '../../../simulation/simulated-run';
import type { Lab } from '../../../simulation/lab';

const moments = ['before', 'after'] as const;

/** Steps that can fail and be rolled back from: all until the commit is begun. Barriers do nothing. */
async function stepsBeforeCommit(opened: Lab, scene: Scene): Promise<readonly string[]> {
  const { plan } = await SimulatedRun.begin(opened.copy(), scene.start);
  const commit = plan.steps.findIndex(({ id }) => id === plan.commitStep);
  return plan.steps.slice(0, commit).flatMap(({ id, kind }) => (kind === 'barrier' ? [] : [id]));
}

/** Makes the step fail, rolls back, and runs the operation again. Gives what was not as it should be after each. */
async function endAfter(
  opened: Lab,
  scene: Scene,
  { fault, choose = inPlanOrder }: { readonly fault: Fault; readonly choose?: Choose },
): Promise<readonly string[]> {
  try {
    const lab = opened.copy();
    const run = await SimulatedRun.begin(lab, scene.start);
    const failed = await run.execute({ fault, choose, watched: true });
    if (failed === undefined) return ['the fault did not come about'];
    const left = await run.rollBack({ choose, watched: true });
    const problems = [
      ...left.map(({ id, status, error }) => `${id} ${status} ${error?.message ?? ''}`),
      ...(await problemsAfterRollback(lab, scene)),
    ];
    if (problems.length > 0) return problems;
    await carriedOut(lab, scene.start, { choose, watched: true });
    lab.giveUpLost(scene.after.active);
    return (await problemsIn(lab, scene.after)).map((problem) => `when run again: ${problem}`);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

async function problemsAfterRollback(lab: Lab, { start, before, lost }: Scene): Promise<readonly string[]> {
  if (start.mode !== 'unplanned') return problemsIn(lab, before);
  const vanished = lostRecords(lab, before.active).map((record) => `${record} is nowhere any more`);
  lab.giveUpLost(before.active);
  return [...vanished, ...(lost ? problemsOfLost(lab, before) : await problemsIn(lab, before))];
}

describe.each(allScenes.map((scene) => [scene.title, scene] as const))('rollback of %s', (_title, scene) => {
  test('of the shop ends where it began, whichever step fails, before or after its effect', async () => {
    const opened = await scene.open(parsedShop());
    const table: string[] = [];
    for (const step of await stepsBeforeCommit(opened, scene)) {
      for (const moment of moments) {
        for (const problem of await endAfter(opened, scene, { fault: { step, moment } })) {
          table.push(`${step} fails ${moment} its effect → ${problem}`);
        }
      }
    }
    expect(table).toEqual([]);
  });

  test('of any runbook ends where it began, whichever step fails in whichever order', async () => {
    const faults = fc.tuple(fc.nat(9973), fc.constantFrom(...moments));
    await fc.assert(
      fc.asyncProperty(arbitraryRunbook, arbitraryPicks, faults, async (runbook, picks, [number, moment]) => {
        const opened = await scene.open(runbook);
        const steps = await stepsBeforeCommit(opened, scene);
        const fault = { step: steps[number % steps.length] ?? '', moment };
        const problems = await endAfter(opened, scene, { fault, choose: choosing(picks) });
        expect(problems.map((problem) => `${fault.step} fails ${moment} its effect → ${problem}`)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
