import type { TrafficSpec } from '../../core/model/traffic';
import type { SwitchRequest, TrafficDriver } from '../../drivers/ports';
import {
  cancelledAt,
  type ContractFixture,
  type ContractRule,
  describeContract,
  expectFailure,
  expectNoChange,
  mutation,
  outcomeOf,
  quietly,
  rulesOf,
} from './contract';
import { everyMethod } from './every-method';

/** A provider that holds one record with the values of the primary, at the record's TTL, never moved. */
export interface TrafficFixture extends ContractFixture {
  readonly driver: TrafficDriver;
  readonly record: TrafficSpec;
  /** One more record of the same zone, with the values of the primary, at the record's TTL, never moved. */
  readonly another: () => Promise<TrafficSpec>;
  /** Somebody else changes the values at the provider. */
  readonly changeBehind: (values: readonly string[]) => Promise<void>;
  /** The same record, whose name servers go on answering the values of now, whatever the provider holds. */
  readonly servedStale: () => Promise<TrafficSpec>;
  /** The same record at a provider and name servers that do not answer. */
  readonly unreachable: () => Promise<TrafficSpec>;
}

const every = rulesOf<TrafficFixture>('every method');
const current = rulesOf<TrafficFixture>('TrafficDriver.current');
const switches = rulesOf<TrafficFixture>('TrafficDriver.switch');
const together = rulesOf<TrafficFixture>('TrafficDriver.switchTogether');
const setTtl = rulesOf<TrafficFixture>('TrafficDriver.setTtl');
const resolve = rulesOf<TrafficFixture>('TrafficDriver.resolve');

function moveOf(fixture: TrafficFixture, epoch: number, more: Partial<SwitchRequest> = {}): SwitchRequest {
  const { primary, recovery } = fixture.record.values;
  return {
    ...mutation(fixture, epoch),
    record: fixture.record,
    expected: primary,
    next: recovery,
    ttlSeconds: 5,
    ...more,
  };
}

const atomic =
  'Replaces values, TTL and owner epoch in one atomic change that holds only if all of them are still as read.';
const refusesOthers = 'Values that must be there now; anything else is `RecordChanged` and nothing is changed.';

const lookRules: readonly ContractRule<TrafficFixture>[] = [
  current('Reads the record at the provider.', async (fixture) => {
    const { driver, record } = fixture;
    const { name, type, ttlSeconds, values } = record;
    expect(await driver.current(record, quietly())).toEqual({
      name,
      type,
      ttlSeconds,
      values: values.primary,
      epoch: 0,
    });
    await fixture.changeBehind(['192.0.2.77']);
    expect((await driver.current(record, quietly())).values).toEqual(['192.0.2.77']);
  }),
  current('Changes nothing.', async (fixture) => {
    await expectNoChange(fixture, () => fixture.driver.current(fixture.record, quietly()));
  }),
  resolve(
    "Asks the name servers, as a client would; never the provider's API.",
    async (fixture) => {
      await fixture.driver.switch(moveOf(fixture, 2), quietly());
      const seen = await fixture.driver.resolve(fixture.record, quietly());
      expect(seen).toMatchObject({ name: fixture.record.name, values: fixture.record.values.recovery, ttlSeconds: 5 });
      expect(seen.server).toMatch(/./);
    },
    'after a switch',
  ),
  resolve(
    "Asks the name servers, as a client would; never the provider's API.",
    async (fixture) => {
      const record = await fixture.servedStale();
      await fixture.driver.switch(moveOf(fixture, 2, { record }), quietly());
      expect((await fixture.driver.current(record, quietly())).values).toEqual(record.values.recovery);
      expect((await fixture.driver.resolve(record, quietly())).values).toEqual(record.values.primary);
    },
    'name servers that do not change',
  ),
  resolve('Changes nothing.', async (fixture) => {
    await expectNoChange(fixture, () => fixture.driver.resolve(fixture.record, quietly()));
  }),
];

const switchRules: readonly ContractRule<TrafficFixture>[] = [
  switches(
    atomic,
    async (fixture) => {
      const after = await fixture.driver.switch(moveOf(fixture, 2), quietly());
      const { name, type, values } = fixture.record;
      expect(after).toEqual({ name, type, values: values.recovery, ttlSeconds: 5, epoch: 2 });
      expect(await fixture.driver.current(fixture.record, quietly())).toEqual(after);
    },
    'all three at once',
  ),
  switches(
    atomic,
    async (fixture) => {
      const requests = [2, 3, 4].map((epoch) => moveOf(fixture, epoch, { next: [`192.0.2.${epoch}`] }));
      const calls = requests.map((request) => outcomeOf(fixture.driver.switch(request, quietly())));
      const outcomes = await Promise.all(calls);
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
      const state = await fixture.driver.current(fixture.record, quietly());
      expect(state.values).toEqual([`192.0.2.${state.epoch}`]);
      expect(state.epoch).toBe(requests[outcomes.indexOf('done')]?.epoch);
    },
    'of writers at the same time one wins',
  ),
  switches('Already as asked with the same epoch: done.', async (fixture) => {
    await fixture.driver.switch(moveOf(fixture, 2), quietly());
    await expectNoChange(fixture, async () => {
      const again = await fixture.driver.switch(moveOf(fixture, 2), quietly());
      expect(again).toMatchObject({ values: fixture.record.values.recovery, ttlSeconds: 5, epoch: 2 });
    });
  }),
  switches('A record of a higher epoch: `StaleEpoch`.', async (fixture) => {
    const { primary, recovery } = fixture.record.values;
    await fixture.driver.switch(moveOf(fixture, 3), quietly());
    await expectNoChange(fixture, async () => {
      const late = moveOf(fixture, 2, { expected: recovery, next: primary });
      await expectFailure(fixture.driver.switch(late, quietly()), 'StaleEpoch', /\b[23]\b/);
    });
  }),
  rulesOf<TrafficFixture>('SwitchRequest.expected')(refusesOthers, async (fixture) => {
    await fixture.changeBehind(['192.0.2.77']);
    await expectNoChange(fixture, () =>
      expectFailure(fixture.driver.switch(moveOf(fixture, 2), quietly()), 'RecordChanged', /192\.0\.2\.77/),
    );
  }),
];

const ttlRules: readonly ContractRule<TrafficFixture>[] = [
  setTtl('Changes the TTL alone, the same way.', async (fixture) => {
    const { next: _unused, ...request } = moveOf(fixture, 2, { ttlSeconds: 3 });
    const after = await fixture.driver.setTtl(request, quietly());
    expect(after).toMatchObject({ values: fixture.record.values.primary, ttlSeconds: 3 });
    expect((await fixture.driver.resolve(fixture.record, quietly())).ttlSeconds).toBe(3);
  }),
  setTtl(
    'Changes the TTL alone, the same way.',
    async (fixture) => {
      await fixture.driver.switch(moveOf(fixture, 3), quietly());
      const { next: _unused, ...late } = moveOf(fixture, 2, {
        expected: fixture.record.values.recovery,
        ttlSeconds: 3,
      });
      await expectNoChange(fixture, () => expectFailure(fixture.driver.setTtl(late, quietly()), 'StaleEpoch'));
    },
    'a record of a higher epoch',
  ),
  setTtl('Values other than `expected`: `RecordChanged`.', async (fixture) => {
    await fixture.changeBehind(['192.0.2.77']);
    const { next: _unused, ...request } = moveOf(fixture, 2, { ttlSeconds: 3 });
    await expectNoChange(fixture, () => expectFailure(fixture.driver.setTtl(request, quietly()), 'RecordChanged'));
  }),
];

const allOrNone =
  '`switch` of several records of one zone: all of them move in one atomic change, or none does, and the failure is the one of a record that is in the way.';

const togetherRules: readonly ContractRule<TrafficFixture>[] = [
  together(
    allOrNone,
    async (fixture) => {
      const { driver, record } = fixture;
      const records = [record, await fixture.another()];
      const requests = records.map((one) => moveOf(fixture, 2, { record: one, next: one.values.recovery }));
      const states = await driver.switchTogether(requests, quietly());
      expect(states).toEqual(
        records.map(({ name, type, values }) => ({ name, type, values: values.recovery, ttlSeconds: 5, epoch: 2 })),
      );
      for (const [index, one] of records.entries()) {
        expect(await driver.current(one, quietly())).toEqual(states[index]);
      }
      await expectNoChange(fixture, async () => {
        expect(await driver.switchTogether(requests, quietly())).toEqual(states);
      });
    },
    'all',
  ),
  together(
    allOrNone,
    async (fixture) => {
      const other = await fixture.another();
      await fixture.changeBehind(['192.0.2.77']);
      // The one that is in the way comes last, when the other one has been found in order.
      const requests = [other, fixture.record].map((record) => moveOf(fixture, 2, { record }));
      await expectNoChange(fixture, () =>
        expectFailure(fixture.driver.switchTogether(requests, quietly()), 'RecordChanged', /192\.0\.2\.77/),
      );
    },
    'none',
  ),
];

const generalRules: readonly ContractRule<TrafficFixture>[] = [
  every(
    everyMethod.repeatable,
    async (fixture) => {
      const request = moveOf(fixture, 2);
      const first = await fixture.driver.switch(request, quietly());
      await expectNoChange(fixture, async () => {
        expect(await fixture.driver.switch(request, quietly())).toEqual(first);
      });
    },
    'switch',
  ),
  every(
    everyMethod.repeatable,
    async (fixture) => {
      const { next: _unused, ...request } = moveOf(fixture, 2, { ttlSeconds: 3 });
      const first = await fixture.driver.setTtl(request, quietly());
      await expectNoChange(fixture, async () => {
        expect(await fixture.driver.setTtl(request, quietly())).toEqual(first);
      });
    },
    'setTtl',
  ),
  every(everyMethod.unreachable, async (fixture) => {
    const record = await fixture.unreachable();
    const { driver } = fixture;
    const { next: _unused, ...ttl } = moveOf(fixture, 2, { record });
    await expectFailure(driver.current(record, quietly()), 'SiteUnreachable');
    await expectFailure(driver.switch(moveOf(fixture, 2, { record }), quietly()), 'SiteUnreachable');
    await expectFailure(driver.setTtl(ttl, quietly()), 'SiteUnreachable');
  }),
  every(everyMethod.honest, async (fixture) => {
    const record = await fixture.unreachable();
    await expectFailure(fixture.driver.resolve(record, quietly()), 'SiteUnreachable');
  }),
  every(everyMethod.cancellable, async (fixture) => {
    const request = moveOf(fixture, 2);
    const context = cancelledAt(1);
    context.progress({ doing: 'cancelled before it began' });
    await expect(fixture.driver.switch(request, context)).rejects.toBeDefined();
    const after = await fixture.driver.switch(request, quietly());
    expect(after).toMatchObject({ values: fixture.record.values.recovery, epoch: 2 });
  }),
];

export const trafficRules = [...lookRules, ...switchRules, ...togetherRules, ...ttlRules, ...generalRules];

/** One test a sentence of `TrafficDriver` in drivers/ports.ts. */
export function describeTrafficContract(name: string, setUp: () => Promise<TrafficFixture>): void {
  describeContract(name, trafficRules, setUp);
}
