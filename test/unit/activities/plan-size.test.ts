import { randomBytes } from 'node:crypto';
import { assertPlanFits } from '../../../activities/plan-size';
import { fleetRunbook } from '../../../bench/kubernetes/fleet-runbook';
import type { RecoveryPlan } from '../../../core/model/plan';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { compiled, inputFor } from '../planning/compiled';

// Under load, thousands of steps take their time.
jest.setTimeout(600_000);

/** The most that Temporal takes as one payload. */
const payloadBytes = 2 * 1024 * 1024;

function planOf(count: number): RecoveryPlan {
  const names = Array.from({ length: count }, (_, index) => `w${index}`);
  const parsed = parseRunbook(fleetRunbook({ namespace: 'fleet', names }), 'fleet.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return compiled(inputFor(parsed.runbook, 'failback'));
}

test('the plan of as many workloads as a runbook may have fits, though not as it is', async () => {
  const plan = planOf(2000);
  expect(Buffer.byteLength(JSON.stringify(plan))).toBeGreaterThan(payloadBytes);
  await expect(assertPlanFits(plan)).resolves.toBeUndefined();
});

test('a plan that does not fit compressed either is refused with what is too large, and by how much', async () => {
  const plan = planOf(10);
  const incompressible = randomBytes(1.25 * 1024 * 1024).toString('latin1');
  const large = { ...plan, runbook: { ...plan.runbook, description: incompressible } };
  await expect(assertPlanFits(large)).rejects.toMatchObject({
    code: 'PlanTooLarge',
    message: expect.stringMatching(
      /^the plan of this failback of "fleet" takes 1\.\d\d MiB compressed, 0\.\d\d MiB more than fits: 10 workloads, \d+ steps and \d+ compensations$/,
    ),
  });
});
