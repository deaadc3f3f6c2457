import fc from 'fast-check';
import type { TrialFault } from '../../../core/model/fault-trial';
import { faultsInRollback } from '../../../simulation/faults';
import type { Lab } from '../../../simulation/lab';
import { allScenes, type Scene } from '../../../simulation/scenes';
import { failedAtTheEnd, tryOnce } from '../../../simulation/trials';
import { parsedShop } from '../planning/shop';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';
import { arbitraryPicks, choosing } from './choices';
import { saidOf } from './said-of';

/** Of every compensation, whether it is needed or not. */
async function faultsOf(opened: Lab, scene: Scene): Promise<readonly TrialFault[]> {
  return faultsInRollback((await failedAtTheEnd(opened, scene)).plan, () => true);
}

describe.each(allScenes.map((scene) => [scene.title, scene] as const))('rollback of %s', (_title, scene) => {
  test('of the shop: a failed compensation holds up nothing that can do without it, and no two sites accept writes', async () => {
    const opened = await scene.open(parsedShop());
    const table: string[] = [];
    for (const fault of await faultsOf(opened, scene)) table.push(...saidOf(await tryOnce({ scene, opened }, fault)));
    expect(table).toEqual([]);
  });

  test('of any runbook: a failed compensation holds up nothing that can do without it, and no two sites accept writes', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRunbook, arbitraryPicks, fc.nat(9973), async (runbook, picks, number) => {
        const opened = await scene.open(runbook);
        const faults = await faultsOf(opened, scene);
        const fault = faults[number % faults.length];
        expect(saidOf(await tryOnce({ scene, opened, choose: choosing(picks) }, fault))).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
