import { planLines } from '../../../../cli/views/plan-view';
import { expectGolden } from '../golden';
import { fixturePlan } from '../fixture-plan';
import { rendered } from '../rendered';

const now = '2026-11-21T10:00:00.000Z';

test('a plan shows prechecks worst first, its steps as a tree, what undoes them, gates, and the commit point across', () => {
  expectGolden('plan-failback', rendered(planLines(fixturePlan, now)));
});

test('an unplanned failover says what is lost before anything else happens', () => {
  const lossy = {
    ...fixturePlan,
    operation: 'failover' as const,
    mode: 'unplanned' as const,
    loss: {
      volumes: [
        { volume: 'orders', point: 'p-7', asOf: '2026-11-21T10:00:00.000Z', epoch: 1, records: 4211, seconds: 75 },
      ],
    },
  };
  const text = rendered(planLines(lossy, now));
  expect(text).toContain('unplanned failover of shop');
  expect(text).toContain(
    'Data that is lost\n  ! orders: what was written after 2026-11-21T10:00:00.000Z (1 min 15 s), from p-7, keeps 4211 records',
  );
});

test('a plan without an error does not speak of refusal', () => {
  const text = rendered(planLines({ ...fixturePlan, prechecks: fixturePlan.prechecks.slice(0, 1) }, now));
  expect(text).not.toContain('refused');
});
