import fc from 'fast-check';
import type { Runbook } from '../../../core/model/runbook';
import { parsedShop } from '../planning/shop';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';
import { arbitraryPicks, choosing } from './choices';
import { problemsIn } from '../../../simulation/end-state';
import { Lab } from '../../../simulation/lab';
import { memoryRunbook } from '../../../simulation/memory-runbook';
import { carriedOut, type WalkOptions } from '../../../simulation/simulated-run';

const home = { active: 'primary', direction: 'primary-to-recovery' } as const;

/** Reprotect and failback, with customers who write all the time. */
async function comeHome(lab: Lab, options: WalkOptions): Promise<void> {
  for (const operation of ['reprotect', 'failback'] as const) {
    await carriedOut(lab, { operation }, options);
    lab.writeEverywhere();
  }
}

async function plannedCircle(runbook: Runbook, options: WalkOptions): Promise<Lab> {
  const lab = await Lab.open(memoryRunbook(runbook));
  await carriedOut(lab, { operation: 'failover' }, options);
  lab.writeEverywhere();
  await comeHome(lab, options);
  return lab;
}

/** The primary is lost with records that were not replicated yet, and comes back with everything running. */
async function circleAfterDisaster(runbook: Runbook, options: WalkOptions): Promise<Lab> {
  const lab = await Lab.open(memoryRunbook(runbook));
  const unreplicated = lab.writeEverywhere();
  lab.world.disasters.isolate(lab.runbook.sites.primary.name);
  await carriedOut(lab, { operation: 'failover', mode: 'unplanned' }, options);
  expect(lab.giveUpLost('recovery')).toEqual(unreplicated);
  lab.world.disasters.reconnect(lab.runbook.sites.primary.name);
  await comeHome(lab, options);
  for (const { volume, record } of unreplicated) {
    expect(lab.recordsKept({ name: volume, ...markerOf(lab, volume) })).toContain(record);
  }
  return lab;
}

const markerOf = (lab: Lab, name: string) => lab.runbook.volumes.find((volume) => volume.name === name) ?? {};

const circles = [
  ['a planned circle', plannedCircle],
  ['a circle after a disaster', circleAfterDisaster],
] as const;

describe.each(circles)('%s', (_title, circle) => {
  test('of the shop ends at home with every record that is not named as lost, no invariant broken on the way', async () => {
    const lab = await circle(parsedShop(), { watched: true });
    expect(await problemsIn(lab, home)).toEqual([]);
  });

  test('of any runbook in any order ends at home with every record that is not named as lost, no invariant broken on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryRunbook,
        arbitraryPicks,
        fc.constantFrom(1, 3, 100),
        async (runbook, picks, concurrency) => {
          const lab = await circle(runbook, { choose: choosing(picks), concurrency, watched: true });
          expect(await problemsIn(lab, home)).toEqual([]);
        },
      ),
      { numRuns: 12 },
    );
  });
});
