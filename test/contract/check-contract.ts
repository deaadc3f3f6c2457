import type { CheckSpec } from '../../core/model/check';
import type { CheckDriver, CheckTarget } from '../../drivers/ports';
import { type ContractFixture, type ContractRule, describeContract, expectFailure, quietly, rulesOf } from './contract';
import { everyMethod } from './every-method';

/** A target with something healthy at it, and checks of every outcome. */
export interface CheckFixture extends ContractFixture {
  readonly driver: CheckDriver;
  readonly target: CheckTarget;
  readonly right: CheckSpec;
  /** Answered, but not as the check expects. */
  readonly wrong: CheckSpec;
  /** Never answered, and its timeout is short. */
  readonly late: CheckSpec;
  /** Nothing is there to answer. */
  readonly missing: CheckSpec;
  /** Checks that can never be right, with the code that each throws. */
  readonly impossible: readonly { readonly check: CheckSpec; readonly code: string }[];
}

const every = rulesOf<CheckFixture>('every method');
const probe = rulesOf<CheckFixture>('CheckDriver.probe');

const saysWhy =
  'A wrong, late or missing answer is `ok: false` with what was seen; only a check that can never be right (address or command not allowed, unknown volume) throws.';

export const checkRules: readonly ContractRule<CheckFixture>[] = [
  probe('One try, never longer than the timeout of the check.', async ({ driver, right, target }) => {
    const seen = await driver.probe(right, target, quietly());
    expect(seen).toMatchObject({ check: right.name, ok: true });
    expect(seen.saw).toMatch(/./);
    expect(seen.latencyMs).toBeGreaterThanOrEqual(0);
    expect(new Date(seen.observedAt).toISOString()).toBe(seen.observedAt);
  }),
  probe(
    'One try, never longer than the timeout of the check.',
    async ({ driver, late, target }) => {
      const seen = await driver.probe({ ...late, timeoutMs: 50 }, target, quietly());
      // Nothing ever answers: only the timeout of the check can have ended the try.
      expect(seen.ok).toBe(false);
      expect(seen.saw).toMatch(/50 ms/);
    },
    'no answer',
  ),
  ...(['wrong', 'late', 'missing'] as const).map((kind) =>
    probe(
      saysWhy,
      async (fixture) => {
        const seen = await fixture.driver.probe(fixture[kind], fixture.target, quietly());
        expect(seen).toMatchObject({ check: fixture[kind].name, ok: false });
        expect(seen.saw).toMatch(/./);
      },
      kind,
    ),
  ),
  probe(
    saysWhy,
    async ({ driver, impossible, target }) => {
      expect(impossible.map(({ code }) => code).sort()).toEqual([
        'AddressNotAllowed',
        'CommandNotAllowed',
        'InvalidRunbook',
      ]);
      for (const { check, code } of impossible) await expectFailure(driver.probe(check, target, quietly()), code);
    },
    'never right',
  ),
  probe('Changes nothing.', async (fixture) => {
    const before = await fixture.state();
    for (const check of [fixture.right, fixture.wrong, fixture.missing]) {
      await fixture.driver.probe(check, fixture.target, quietly());
    }
    expect(await fixture.state()).toEqual(before);
  }),
  every(everyMethod.honest, async ({ driver, missing, target }) => {
    expect((await driver.probe(missing, target, quietly())).ok).toBe(false);
  }),
  every(everyMethod.cancellable, async ({ driver, late, right, target }) => {
    const controller = new AbortController();
    const call = driver.probe({ ...late, timeoutMs: 600_000 }, target, { ...quietly(), signal: controller.signal });
    controller.abort(new Error('cancelled by the test'));
    await expect(call).rejects.toThrow('cancelled by the test');
    expect((await driver.probe(right, target, quietly())).ok).toBe(true);
  }),
];

/** One test a sentence of `CheckDriver` in drivers/ports.ts. */
export function describeCheckContract(name: string, setUp: () => Promise<CheckFixture>): void {
  describeContract(name, checkRules, setUp);
}
