import fc from 'fast-check';
import type { RecoveryPlan } from '../../../core/model/plan';
import type { Lab } from '../../../simulation/lab';
import { parsedShop } from '../planning/shop';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';
import { inPlanOrder, type Choose } from '../../../simulation/choose';
import { arbitraryPicks, choosing } from './choices';
import { allScenes, type Scene } from '../../../simulation/scenes';
import { SimulatedRun, type Fault } from '../../../simulation/simulated-run';

const moments = ['before', 'after'] as const;

/** Everything that cannot run without that compensation. */
function dependentsOf(plan: RecoveryPlan, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const step of plan.rollback) if (step.requires.some((other) => found.has(other))) found.add(step.id);
  }
  return found;
}

/** A run that failed at the last step before its commit point: whatever it could begin is begun. */
async function failedAtTheEnd(opened: Lab, scene: Scene): Promise<SimulatedRun> {
  const run = await SimulatedRun.begin(opened.copy(), scene.start);
  const commit = run.plan.steps.findIndex(({ id }) => id === run.plan.commitStep);
  await run.execute({ fault: { step: run.plan.steps[commit - 1]?.id ?? '', moment: 'after' }, watched: true });
  return run;
}

/** Rolls back with one compensation failing. Gives those that did not run although they can do without it. */
async function heldUp(
  opened: Lab,
  scene: Scene,
  { faultOf, choose = inPlanOrder }: { faultOf: (plan: RecoveryPlan) => Fault; choose?: Choose },
): Promise<readonly string[]> {
  const run = await failedAtTheEnd(opened, scene);
  const fault = faultOf(run.plan);
  await run.rollBack({ fault, choose, watched: true });
  const mayMiss = dependentsOf(run.plan, fault.step);
  return run
    .compensations()
    .filter(({ id, status }) => !mayMiss.has(id) && status !== 'done' && status !== 'not-needed')
    .map(({ id, status }) => `${fault.step} fails ${fault.moment} its effect → ${id} is ${status}`);
}

describe.each(allScenes.map((scene) => [scene.title, scene] as const))('rollback of %s', (_title, scene) => {
  test('of the shop: a failed compensation holds up nothing that can do without it, and no two sites accept writes', async () => {
    const opened = await scene.open(parsedShop());
    const { plan } = await failedAtTheEnd(opened, scene);
    const table: string[] = [];
    for (const { id: step } of plan.rollback) {
      for (const moment of moments) {
        table.push(...(await heldUp(opened, scene, { faultOf: () => ({ step, moment }) })));
      }
    }
    expect(table).toEqual([]);
  });

  test('of any runbook: a failed compensation holds up nothing that can do without it, and no two sites accept writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryRunbook,
        arbitraryPicks,
        fc.tuple(fc.nat(9973), fc.constantFrom(...moments)),
        async (runbook, picks, [number, moment]) => {
          const faultOf = ({ rollback }: RecoveryPlan): Fault => ({
            step: rollback[number % Math.max(1, rollback.length)]?.id ?? '',
            moment,
          });
          expect(await heldUp(await scene.open(runbook), scene, { faultOf, choose: choosing(picks) })).toEqual([]);
        },
      ),
      { numRuns: 12 },
    );
  });
});
