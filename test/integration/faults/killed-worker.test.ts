import '../patience';
import type { PlanStep } from '../../../core/model/plan';
import { traitsOf } from '../../../core/model/step-kinds';
import { added, effectsSoFar, expectActive, expectProofs, expectServed } from './evidence';
import { FaultLab } from './fault-lab';
import { KilledAgainAndAgain } from './killed-again';

jest.setTimeout(900_000);

let faults: FaultLab;
beforeAll(async () => {
  faults = await FaultLab.open();
});
afterAll(() => faults.close());

const moments = ['before', 'after'] as const;
const tiers = ['ledger', 'api', 'web'] as const;

const isActivity = (step: PlanStep): boolean => traitsOf(step.kind).runs !== 'workflow';

const failpointsOf = (steps: readonly PlanStep[], at: readonly string[]): readonly string[] =>
  steps.filter(isActivity).flatMap(({ id }) => at.map((moment) => `activity:${id}:${moment}`));

const once = (keys: readonly string[]): Record<string, number> => Object.fromEntries(keys.map((key) => [key, 1]));

/** To where a failback can begin, with a worker that nothing happens to. Gives the plan of the failback. */
async function reverseProtected() {
  const worker = faults.workers.start();
  if ((await faults.state()).phase === 'Protected') {
    await faults.complete('failover');
    await faults.complete('reprotect');
  }
  const plan = await faults.planOf('failback');
  await worker.stop();
  return plan;
}

/** One kill in the middle of an operation, against the same operation without. Of the second failback on. */
function say(what: string, kills: number, begun: number): void {
  const seconds = (Date.now() - begun) / 1000;
  process.stderr.write(`${what} with ${kills} killed workers: ${seconds.toFixed(1)} s\n`);
}

describe('a worker that is killed', () => {
  test.each(moments)('%s the effect of every step of a failback: each effect happens once', async (moment) => {
    const plan = await reverseProtected();
    const failpoints = failpointsOf(plan.steps, [moment]);
    const earlier = await effectsSoFar(faults);

    const begun = Date.now();
    const killed = new KilledAgainAndAgain(faults.workers, failpoints);
    const handle = await faults.start('failback');
    await faults.completed(handle);
    say(`failback, ${moment} each step,`, failpoints.length, begun);
    const now = await effectsSoFar(faults);
    await expectServed(faults);
    await expectActive(faults, 'alpha', 'Protected');
    await expectProofs(faults, 'alpha');
    expect(await killed.stop()).toEqual([]);

    const { to } = plan.epochs;
    expect(added(earlier.starts, now.starts)).toEqual(once(tiers.map((name) => `${name}@alpha epoch ${to}`)));
    expect(added(earlier.fences, now.fences)).toEqual(once([`fenced@beta epoch ${to}`, `unfenced@alpha epoch ${to}`]));
    const points = ['alpha', 'beta'].map((site) => `before failback ${handle.workflowId}@${site}`);
    expect(added(earlier.points, now.points)).toEqual(once(points));
    expect(added(earlier.groupChanges, now.groupChanges)).toMatchObject({ committed: 1, released: 1 });
    // The TTL lowered, the values, the TTL restored.
    expect(now.recordChanges - earlier.recordChanges).toBe(3);
  });

  test('around the effect of every compensation of a failback: it ends where it began, each effect once', async () => {
    const places = [
      // Nothing is fenced yet: what was stopped starts again with its old epoch.
      { place: 'activity:stop-workload/ledger@beta:after/stop', fenced: false },
      // All is done but the commit.
      { place: 'activity:verify-data/@alpha:before/stop', fenced: true },
    ];
    const needed = new Set<string>();
    let every: readonly string[] = [];
    for (const { place, fenced } of places) {
      const plan = await reverseProtected();
      const failpoints = failpointsOf(plan.rollback, moments);
      every = failpoints;
      const earlier = await effectsSoFar(faults);

      const begun = Date.now();
      const killed = new KilledAgainAndAgain(faults.workers, failpoints, [place]);
      const handle = await faults.start('failback');
      await killed.current.suspended();
      await handle.signal('rollback', { by: 'ana@example.com', reason: 'the test says so' });
      killed.current.signal('SIGCONT');
      expect(await faults.ended(handle)).toMatchObject({ verdict: 'rolled-back' });
      const now = await effectsSoFar(faults);
      const { rollback } = await faults.status(handle);
      await expectServed(faults);
      await expectActive(faults, 'beta', 'ReverseProtected');
      await expectProofs(faults, 'beta');
      const left = await killed.stop();

      const done = rollback.filter(({ status }) => status === 'done').map(({ id }) => id);
      const met = failpoints.filter((failpoint) => !left.includes(failpoint));
      expect(met).toEqual(
        failpointsOf(
          plan.rollback.filter(({ id }) => done.includes(id)),
          moments,
        ),
      );
      for (const failpoint of met) needed.add(failpoint);
      say(`failback and rollback ${fenced ? 'at the end' : 'after the stops'}`, met.length, begun);

      const { from, to, rollback: back } = plan.epochs;
      const starts = fenced
        ? tiers.flatMap((name) => [`${name}@alpha epoch ${to}`, `${name}@beta epoch ${back}`])
        : tiers.map((name) => `${name}@beta epoch ${from}`);
      expect(added(earlier.starts, now.starts)).toEqual(once(starts));
      const fences = [`fenced@beta epoch ${to}`, `unfenced@alpha epoch ${to}`];
      const refences = [`fenced@alpha epoch ${back}`, `unfenced@beta epoch ${back}`];
      expect(added(earlier.fences, now.fences)).toEqual(once(fenced ? [...fences, ...refences] : []));
      // The TTL lowered and restored; at the end also the values, there and back.
      expect(now.recordChanges - earlier.recordChanges).toBe(fenced ? 4 : 2);
    }
    expect([...needed].sort()).toEqual([...every].sort());
  });
});
