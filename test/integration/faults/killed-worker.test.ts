import '../patience';
import { traitsOf } from '../../../core/model/step-kinds';
import type { PlanStep } from '../../../core/model/plan';
import { added, effectsSoFar, expectActive, expectProofs, expectServed } from './evidence';
import { FaultLab } from './fault-lab';
import { KilledAgainAndAgain } from './killed-again';

jest.setTimeout(600_000);

let faults: FaultLab;
beforeAll(async () => {
  faults = await FaultLab.open();
});
afterAll(() => faults.close());

const isActivity = (step: PlanStep): boolean => traitsOf(step.kind).runs !== 'workflow';

/** From the beginning to where a failback can begin. */
async function toTheOtherSite(): Promise<void> {
  const worker = faults.workers.start();
  await faults.complete('failover');
  await faults.complete('reprotect');
  await worker.stop();
}

describe('a worker that is killed', () => {
  test.each(['before', 'after'] as const)(
    '%s every effect of every step of a failback: each effect happens once',
    async (moment) => {
      await toTheOtherSite();
      const worker = faults.workers.start();
      const plan = await faults.planOf('failback');
      await worker.stop();
      const { from, to } = plan.epochs;
      const failpoints = plan.steps.filter(isActivity).map(({ id }) => `activity:${id}:${moment}`);
      const earlier = await effectsSoFar(faults);

      const killed = new KilledAgainAndAgain(faults.workers, failpoints);
      const begun = Date.now();
      const handle = await faults.start('failback');
      await faults.completed(handle);
      const seconds = (Date.now() - begun) / 1000;
      expect(await killed.stop()).toEqual([]);
      process.stderr.write(`failback with ${failpoints.length} kills ${moment} its steps: ${seconds.toFixed(1)} s\n`);

      const now = await effectsSoFar(faults);
      const once = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, 1]));
      expect(added(earlier.starts, now.starts)).toEqual(
        once(['ledger', 'api', 'web'].map((name) => `${name}@alpha epoch ${to}`)),
      );
      expect(added(earlier.fences, now.fences)).toEqual(
        once([`fenced@beta epoch ${to}`, `unfenced@alpha epoch ${to}`]),
      );
      expect(added(earlier.points, now.points)).toEqual(
        once(['alpha', 'beta'].map((site) => `before failback ${handle.workflowId}@${site}`)),
      );
      expect(added(earlier.groupChanges, now.groupChanges)).toMatchObject({ committed: 1, released: 1 });
      expect(now.recordChanges - earlier.recordChanges).toBe(3);
      expect(to).toBeGreaterThan(from);
      await expectServed(faults);
      await expectActive(faults, 'alpha', 'Protected');
      await expectProofs(faults, 'alpha');
    },
  );
});
