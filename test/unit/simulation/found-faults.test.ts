import type { Runbook } from '../../../core/model/runbook';
import { parsedShop } from '../planning/shop';
import { lostRecords, problemsIn } from '../../../simulation/end-state';
import { scenes, type Scene } from '../../../simulation/scenes';
import { carriedOut, SimulatedRun, type Fault } from '../../../simulation/simulated-run';

/** The shop with a web tier that needs nothing, so that it may start at the new site ahead. */
function warmShop(): Runbook {
  const shop = parsedShop();
  const failover = { ...shop.operations.failover, strategy: 'warm' as const };
  return {
    ...shop,
    operations: { ...shop.operations, failover },
    workloads: shop.workloads.map((one) => (one.name === 'web' ? { ...one, dependsOn: [] } : one)),
  };
}

async function rolledBack(scene: Scene, runbook: Runbook, fault: Fault) {
  const lab = await scene.open(runbook);
  const run = await SimulatedRun.begin(lab, scene.start);
  await run.execute({ fault, watched: true });
  return { lab, run, left: await run.rollBack({ watched: true }) };
}

/** Faults that the simulation has found: each was once different. */
describe('found by simulation', () => {
  test('a workload that was started ahead is stopped at the old site although that site is fenced by then', async () => {
    const lab = await scenes.plannedFailover.open(warmShop());
    await carriedOut(lab, scenes.plannedFailover.start);
    expect(await problemsIn(lab, scenes.plannedFailover.after)).toEqual([]);
  });

  test('a rollback past the fence restarts a workload that never stopped, so that it may write again', async () => {
    const fault: Fault = { step: 'claim-volume/orders@beta', moment: 'after' };
    const { lab, left } = await rolledBack(scenes.plannedFailover, warmShop(), fault);
    expect(left).toEqual([]);
    expect(await problemsIn(lab, scenes.plannedFailover.before)).toEqual([]);
    expect(lab.stateAt('primary')?.workloads['web']?.epoch).toBe(3);
  });

  test('a claim that took no effect leaves nothing to bring back, and the services start again all the same', async () => {
    const fault: Fault = { step: 'claim-volume/orders@beta', moment: 'before' };
    const { lab, left } = await rolledBack(scenes.plannedFailover, parsedShop(), fault);
    expect(left).toEqual([]);
    expect(await problemsIn(lab, scenes.plannedFailover.before)).toEqual([]);
  });

  test('what customers wrote at the new site is kept when an unplanned failover is rolled back', async () => {
    const fault: Fault = { step: 'verify-traffic/shop.example.test@beta', moment: 'before' };
    const { lab, left } = await rolledBack(scenes.unplannedThoughItAnswers, parsedShop(), fault);
    expect(left).toEqual([]);
    const [orders] = lab.runbook.volumes;
    expect(orders && lab.missingAt('primary', orders)).not.toEqual([]);
    expect(lostRecords(lab, 'primary')).toEqual([]);
  });

  test('replication is resumed although a workload could not be started again', async () => {
    const lab = await scenes.plannedFailover.open(parsedShop());
    const run = await SimulatedRun.begin(lab, scenes.plannedFailover.start);
    await run.execute({ fault: { step: 'verify-traffic/shop.example.test@beta', moment: 'before' } });
    await run.rollBack({ fault: { step: 'undo/start-workload/ledger@alpha#2', moment: 'before' } });
    expect(lab.group.state.replication).toMatchObject({ direction: 'primary-to-recovery', paused: false });
    expect(run.compensations().find(({ id }) => id === 'undo/start-workload/web@alpha#2')?.status).toBe('done');
  });

  test('a rollback that did not quite succeed leaves replication possible', async () => {
    const lab = await scenes.plannedFailover.open(parsedShop());
    const run = await SimulatedRun.begin(lab, scenes.plannedFailover.start);
    await run.execute({ fault: { step: 'verify-traffic/shop.example.test@beta', moment: 'before' } });
    await run.rollBack({ fault: { step: 'undo/check-health/web@alpha#2', moment: 'before' } });
    expect(lab.group.state).toMatchObject({ phase: 'Incomplete', epoch: 3, replication: { paused: false } });
    await expect(lab.replicate()).resolves.toBeUndefined();
  });
});
