import fc from 'fast-check';
import type { StepRequest } from '../../../activities/contract';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { Runbook } from '../../../core/model/runbook';
import { traitsOf } from '../../../core/model/step-kinds';
import { parsedShop } from '../planning/shop';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';
import { arbitraryPicks, choosing } from './choices';
import { problemsIn } from '../../../simulation/end-state';
import { Lab } from '../../../simulation/lab';
import { memoryRunbook } from '../../../simulation/memory-runbook';
import { allScenes, type Scene } from '../../../simulation/scenes';
import { carriedOut, SimulatedRun } from '../../../simulation/simulated-run';
import { performRequest } from '../../../simulation/perform-request';

/** How a duplicate that comes too late may be refused. */
const refusals: ReadonlySet<string> = new Set([
  'Fenced',
  'StaleEpoch',
  'StaleAttempt',
  'DataNewer',
  'RecordChanged',
  'GroupBusy',
  'StartFailed',
]);

const stateOf = (lab: Lab) => JSON.stringify([lab.world.snapshot(), { ...lab.group.state, runs: [] }]);

/** Performs the request once more. Gives what it changed, or why it ended otherwise than by a refusal. */
async function changedByDuplicate(lab: Lab, request: StepRequest): Promise<readonly string[]> {
  const [before, effects] = [stateOf(lab), lab.world.journal.length];
  const refusal = await performRequest(lab, request).then(
    () => undefined,
    (error: Error) => error,
  );
  // A look may see that things have moved on since, and end as it likes: it changes nothing.
  const looks = traitsOf(request.step.kind).effect === 'none';
  const known = looks || refusal === undefined || (refusal instanceof SwitchbackFailure && refusals.has(refusal.code));
  const entries = lab.world.journal.slice(effects).map(({ method, target }) => `${method} ${target}`);
  return [
    ...(known ? [] : [refusal.message]),
    ...entries,
    ...(entries.length === 0 && stateOf(lab) !== before ? ['the state changed'] : []),
  ].map((what) => `${request.step.id} (${request.run.operation}) again → ${what}`);
}

async function duplicatesOf(lab: Lab, runs: readonly SimulatedRun[]): Promise<readonly string[]> {
  const changes: string[] = [];
  for (const { requests } of runs) {
    for (const request of requests) changes.push(...(await changedByDuplicate(lab, request)));
  }
  return changes;
}

describe.each(allScenes.map((scene) => [scene.title, scene] as const))('%s', (_title, scene: Scene) => {
  test('a step that is performed twice in a row changes nothing the second time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constant(parsedShop()), arbitraryRunbook),
        arbitraryPicks,
        async (runbook, picks) => {
          const lab = await scene.open(runbook);
          const again: string[] = [];
          const performed = async (request: StepRequest) =>
            void again.push(...(await changedByDuplicate(lab, request)));
          await carriedOut(lab, scene.start, { choose: choosing(picks), performed });
          expect(again).toEqual([]);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('a step that took effect, lost its answer and is tried again ends in the same state', async () => {
    const opened = await scene.open(parsedShop());
    const end = async (lostOnce?: string) => {
      const lab = opened.copy();
      const { plan } = await carriedOut(lab, scene.start, lostOnce === undefined ? {} : { lostOnce });
      return { steps: plan.steps, state: stateOf(lab) };
    };
    const { steps, state } = await end();
    for (const { id: step } of steps) expect({ step, ...(await end(step)) }).toMatchObject({ step, state });
  });

  test('a late duplicate of any step changes nothing while the run still holds the group', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constant(parsedShop()), arbitraryRunbook), async (runbook) => {
        const lab = await scene.open(runbook);
        const changes: string[] = [];
        const ending = async (run: SimulatedRun) => void changes.push(...(await duplicatesOf(lab, [run])));
        await carriedOut(lab, scene.start, { ending });
        expect(changes).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test('a late duplicate of any step of a run that was rolled back changes nothing, wherever it had failed', async () => {
    const opened = await scene.open(parsedShop());
    const { plan } = await SimulatedRun.begin(opened.copy(), scene.start);
    const commit = plan.steps.findIndex(({ id }) => id === plan.commitStep);
    const table: string[] = [];
    for (const { id: step } of plan.steps.slice(0, commit)) {
      const lab = opened.copy();
      const run = await SimulatedRun.begin(lab, scene.start);
      await run.execute({ fault: { step, moment: 'after' } });
      expect(await run.rollBack()).toEqual([]);
      table.push(...(await duplicatesOf(lab, [run])).map((change) => `${step} fails → ${change}`));
    }
    expect(table).toEqual([]);
  });
});

async function circle(runbook: Runbook, unplanned: boolean): Promise<{ lab: Lab; runs: readonly SimulatedRun[] }> {
  const lab = await Lab.open(memoryRunbook(runbook));
  if (unplanned) lab.world.disasters.isolate(lab.runbook.sites.primary.name);
  const failover = await carriedOut(lab, { operation: 'failover', mode: unplanned ? 'unplanned' : 'planned' });
  if (unplanned) lab.world.disasters.reconnect(lab.runbook.sites.primary.name);
  lab.writeEverywhere();
  const reprotect = await carriedOut(lab, { operation: 'reprotect' });
  const failback = await carriedOut(lab, { operation: 'failback' });
  return { lab, runs: [failover, reprotect, failback] };
}

describe.each([
  ['a planned circle', false],
  ['a circle after a disaster', true],
])('%s', (_title, unplanned) => {
  test('a late duplicate of any of its steps changes nothing at its end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constant(parsedShop()), arbitraryRunbook), async (runbook) => {
        const { lab, runs } = await circle(runbook, unplanned);
        expect(await duplicatesOf(lab, runs)).toEqual([]);
        expect(await problemsIn(lab, { active: 'primary', direction: 'primary-to-recovery' })).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
