import fc from 'fast-check';
import type { FaultTrial, TrialFault } from '../../../core/model/fault-trial';
import { faultsIn } from '../../../simulation/faults';
import type { Lab } from '../../../simulation/lab';
import { allScenes, type Scene } from '../../../simulation/scenes';
import { SimulatedRun } from '../../../simulation/simulated-run';
import { tryOnce } from '../../../simulation/trials';
import { parsedShop } from '../planning/shop';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';
import { arbitraryPicks, choosing } from './choices';
import { saidOf } from './said-of';

async function faultsOf(opened: Lab, scene: Scene): Promise<readonly TrialFault[]> {
  return faultsIn((await SimulatedRun.begin(opened.copy(), scene.start)).plan);
}

/** What generated runbooks add has an inverse or not, as it happens. */
const onlyOfSwitchback = (trial: FaultTrial): FaultTrial => ({
  ...trial,
  wrong: trial.wrong.filter(({ code }) => code !== 'NotUndone'),
});

describe.each(allScenes.map((scene) => [scene.title, scene] as const))('rollback of %s', (_title, scene) => {
  test('of the shop ends where it began, whichever step fails, before or after its effect', async () => {
    const opened = await scene.open(parsedShop());
    const trials: FaultTrial[] = [];
    for (const fault of await faultsOf(opened, scene)) trials.push(await tryOnce({ scene, opened }, fault));
    expect(trials.flatMap(saidOf)).toEqual([]);
    // Until the commit step is begun everything is rolled back; from then on the run goes forward.
    const { plan } = await SimulatedRun.begin(opened.copy(), scene.start);
    const commit = plan.steps.findIndex(({ id }) => id === plan.commitStep);
    for (const { fault, end } of trials) {
      const forward = plan.steps.findIndex(({ id }) => id === fault?.step) >= commit;
      const back = fault?.moment === 'closed' ? 'declined' : 'rolled-back';
      expect({ fault, end }).toEqual({ fault, end: forward ? 'completed' : back });
    }
  });

  test('of any runbook ends where it began, whichever step fails in whichever order', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRunbook, arbitraryPicks, fc.nat(9973), async (runbook, picks, number) => {
        const opened = await scene.open(runbook);
        const faults = await faultsOf(opened, scene);
        const trial = await tryOnce({ scene, opened, choose: choosing(picks) }, faults[number % faults.length]);
        expect(saidOf(onlyOfSwitchback(trial))).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
