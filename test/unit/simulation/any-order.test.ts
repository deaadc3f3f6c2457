import fc from 'fast-check';
import type { Runbook } from '../../../core/model/runbook';
import { parsedShop } from '../planning/shop';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';
import { arbitraryPicks, choosing } from './choices';
import { problemsIn } from '../../../simulation/end-state';
import { allScenes, type Scene } from '../../../simulation/scenes';
import { carriedOut, type WalkOptions } from '../../../simulation/simulated-run';

/** What the sites and the group have come to. Instants, ids and the runs of the group are left out. */
async function endOf(runbook: Runbook, scene: Scene, options: WalkOptions) {
  const lab = await scene.open(runbook);
  await carriedOut(lab, scene.start, options);
  const { runs: _runs, replication, ...state } = lab.group.state;
  return {
    lab,
    end: { sites: lab.world.snapshot(), state, direction: replication.direction, paused: replication.paused },
  };
}

describe.each(allScenes.map((scene) => [scene.title, scene] as const))('%s', (_title, scene) => {
  test('of the shop ends as it should', async () => {
    const { lab } = await endOf(parsedShop(), scene, {});
    lab.giveUpLost(scene.after.active);
    expect(await problemsIn(lab, scene.after)).toEqual([]);
  });

  test('of any runbook ends in the same state in whichever legal order its steps are done', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryRunbook,
        arbitraryPicks,
        fc.constantFrom(1, 2, 5, 100),
        async (runbook, picks, concurrency) => {
          const inOrder = await endOf(runbook, scene, { concurrency: 1 });
          const inAnyOrder = await endOf(runbook, scene, { choose: choosing(picks), concurrency });
          expect(inAnyOrder.end).toEqual(inOrder.end);
        },
      ),
      { numRuns: 10 },
    );
  });
});
