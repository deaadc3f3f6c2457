import type { WorkloadStanding } from '../../core/model/standing';
import type { StandingDriver, StandingRequest } from '../../drivers/standing-port';
import {
  describeContract,
  expectFailure,
  expectNoChange,
  quietly,
  rulesOf,
  type ContractRule,
  type TwoSiteFixture,
} from './contract';
import { everyMethod } from './every-method';

/** A workload that runs at the site with all of its instances and its volumes. */
export interface StandingFixture extends TwoSiteFixture {
  readonly driver: StandingDriver;
  /** Asks for that workload. */
  readonly whole: StandingRequest;
  /** Its instances, or some of them, are no longer up. */
  readonly takeDown: () => Promise<void>;
  /** An instance is started anew, and everything is up again. */
  readonly startAnew: () => Promise<void>;
  /** Asks for it with a volume that its instances do not have, or that nobody has claimed. */
  readonly withoutVolume: () => Promise<StandingRequest>;
}

const standing = rulesOf<StandingFixture>('StandingDriver.standing');
const lacks = rulesOf<StandingFixture>('WorkloadStanding.lacks');
const incarnation = rulesOf<StandingFixture>('WorkloadStanding.incarnation');
const saw = rulesOf<StandingFixture>('WorkloadStanding.saw');
const every = rulesOf<StandingFixture>('every method');

const look = async ({ driver }: StandingFixture, request: StandingRequest): Promise<WorkloadStanding> =>
  driver.standing(request, quietly());

const saysWhatLacks =
  'Says of a workload that runs what it still lacks: instances that are not up, volumes that these do not have, or that nobody has claimed for it.';

export const standingRules: readonly ContractRule<StandingFixture>[] = [
  standing(
    saysWhatLacks,
    async (fixture) => {
      await fixture.takeDown();
      expect((await look(fixture, fixture.whole)).lacks).not.toEqual([]);
      await fixture.startAnew();
      expect((await look(fixture, fixture.whole)).lacks).toEqual([]);
    },
    'instances',
  ),
  standing(
    saysWhatLacks,
    async (fixture) => {
      const request = await fixture.withoutVolume();
      const [volume] = request.volumes.slice(-1);
      expect((await look(fixture, request)).lacks).toEqual([expect.stringContaining(`volume ${volume?.name ?? ''}`)]);
    },
    'a volume',
  ),
  standing('Changes nothing.', async (fixture) => {
    await expectNoChange(fixture, () => look(fixture, fixture.whole));
    const request = await fixture.withoutVolume();
    await fixture.takeDown();
    await expectNoChange(fixture, () => look(fixture, request));
  }),
  lacks(
    'What keeps it from being whole, one text each: "1 of 2 pods Ready", "volume orders is not mounted".',
    async (fixture) => {
      const { lacks: all } = await look(fixture, await fixture.withoutVolume());
      expect(all).toHaveLength(1);
      for (const text of all) expect(text).toMatch(/^[^\n]{5,}$/);
    },
  ),
  lacks('Empty: nothing.', async (fixture) => {
    expect((await look(fixture, fixture.whole)).lacks).toEqual([]);
  }),
  incarnation(
    'Another text whenever an instance has been started anew, has come or has gone.',
    async (fixture) => {
      const before = await look(fixture, fixture.whole);
      await fixture.startAnew();
      expect((await look(fixture, fixture.whole)).incarnation).not.toBe(before.incarnation);
    },
    'started anew',
  ),
  incarnation('Otherwise the same.', async (fixture) => {
    const before = await look(fixture, fixture.whole);
    expect(before.incarnation).not.toBe('');
    expect((await look(fixture, await fixture.withoutVolume())).incarnation).toBe(before.incarnation);
  }),
  saw('What was looked at, in words: "2 of 2 pods Ready, orders mounted as claim orders".', async (fixture) => {
    const [volume] = fixture.whole.volumes;
    expect((await look(fixture, fixture.whole)).saw).toContain(volume?.name);
  }),
  every(everyMethod.unreachable, async (fixture) => {
    await fixture.isolate(fixture.site);
    await expectFailure(look(fixture, fixture.whole), 'SiteUnreachable', new RegExp(fixture.site.name));
    await fixture.reconnect(fixture.site);
    expect((await look(fixture, fixture.whole)).incarnation).not.toBe('');
  }),
  every(everyMethod.cancellable, async (fixture) => {
    const signal = AbortSignal.abort(new Error('cancelled by the test'));
    await expect(fixture.driver.standing(fixture.whole, { ...quietly(), signal })).rejects.toThrow('cancelled');
    expect((await look(fixture, fixture.whole)).lacks).toEqual([]);
  }),
];

/** One test a sentence of drivers/standing-port.ts and of what it answers. */
export function describeStandingContract(name: string, setUp: () => Promise<StandingFixture>): void {
  describeContract(name, standingRules, setUp);
}
