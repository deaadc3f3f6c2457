import type { SiteRole } from '../../core/model/site';
import { stagedKinds, type StageDiff } from '../../core/model/stage';
import type { StageRequest } from '../../drivers/stage-port';
import { cancelledAt, expectFailure, expectNoChange, mutation, quietly, rulesOf, type ContractRule } from './contract';
import { everyMethod } from './every-method';
import type { StageFixture } from './stage-fixture';

const stage = rulesOf<StageFixture>('StageDriver.stage');
const target = rulesOf<StageFixture>('StageRequest.target');
const dryRun = rulesOf<StageFixture>('StageRequest.dryRun');
const every = rulesOf<StageFixture>('every method');

const policy: StageRequest['policy'] = {
  everySeconds: 60,
  kinds: stagedKinds,
  customResources: [],
  except: [],
  maps: { storageClasses: {}, images: {}, ingressHosts: {} },
};

const workloads: StageRequest['workloads'] = [
  {
    name: 'web',
    priority: 1,
    dependsOn: [],
    volumes: [],
    checks: [],
    stopGraceSeconds: 5,
    kubernetes: { kind: 'Deployment', name: 'web' },
  },
];

export function requestOf(fixture: StageFixture, epoch = 1, standby: SiteRole = 'recovery'): StageRequest {
  const { sites } = fixture;
  return { ...mutation(fixture, epoch), sites, target: standby, policy, workloads, dryRun: false };
}

const run = async (fixture: StageFixture, change: Partial<StageRequest> = {}): Promise<StageDiff> =>
  fixture.driver.stage({ ...requestOf(fixture), ...change }, quietly());

export const stageRules: readonly ContractRule<StageFixture>[] = [
  stage(
    'Makes what the active site has of the chosen kinds at the standby as well, in a form in which it starts nothing there.',
    async (fixture) => {
      const diff = await run(fixture);
      expect(diff).toMatchObject({ changed: 0, deleted: 0, troubles: [], kept: [] });
      expect(diff.created).toBeGreaterThan(2);
      expect(await fixture.read(fixture.peer, 'settings')).toBe('first');
      expect(await fixture.names(fixture.peer, 'claim')).toEqual(['data']);
      expect(await fixture.wanted(fixture.peer, 'web')).toBe(0);
      expect(await fixture.wanted(fixture.site, 'web')).toBe(2);
    },
  ),
  stage(
    'What runs at the standby keeps as many instances as it has; so does what is started while the call lasts.',
    async (fixture) => {
      await run(fixture);
      await fixture.scale(fixture.peer, 'web', 3);
      await fixture.scale(fixture.site, 'web', 5);
      await run(fixture);
      expect(await fixture.wanted(fixture.peer, 'web')).toBe(3);
    },
  ),
  stage(
    'What runs at the standby keeps as many instances as it has; so does what is started while the call lasts.',
    async (fixture) => {
      await run(fixture);
      await fixture.scale(fixture.site, 'web', 5);
      // Everything has been read by the time at which the first claim is looked at.
      let started: Promise<void> | undefined;
      const progress = (): void => void (started ??= fixture.scale(fixture.peer, 'web', 3));
      await fixture.driver.stage(requestOf(fixture), { signal: new AbortController().signal, progress });
      await started;
      expect(await fixture.wanted(fixture.peer, 'web')).toBe(3);
    },
    'while it lasts',
  ),
  stage(
    'What is gone at the active site is deleted when Switchback has put it at the standby; what others put there is kept, and named.',
    async (fixture) => {
      await fixture.put(fixture.site, 'short-lived', 'text');
      await fixture.put(fixture.peer, 'of-others', 'theirs');
      await fixture.put(fixture.peer, 'settings', 'of others as well');
      const before = await run(fixture);
      expect(before.kept.map(({ object }) => object)).toEqual([expect.stringContaining('settings')]);
      expect(await fixture.names(fixture.peer, 'settings')).toContain('short-lived');
      await fixture.remove(fixture.site, 'settings', 'short-lived');
      expect(await run(fixture)).toMatchObject({ created: 0, changed: 0, deleted: 1 });
      expect(await fixture.names(fixture.peer, 'settings')).toEqual(['of-others', 'settings']);
      expect(await fixture.read(fixture.peer, 'settings')).toBe('of others as well');
    },
  ),
  stage(
    'Deletes nothing that holds data or runs, and nothing at all while a workload of the runbook is missing at the active site.',
    async (fixture) => {
      await run(fixture);
      await fixture.remove(fixture.site, 'claim', 'data');
      await fixture.scale(fixture.peer, 'web', 1);
      await fixture.remove(fixture.site, 'workload', 'web');
      const diff = await run(fixture, { workloads: [] });
      expect(diff).toMatchObject({ deleted: 0 });
      expect(diff.kept.map(({ object }) => object).sort()).toEqual([
        expect.stringContaining('web'),
        expect.stringContaining('data'),
      ]);
      expect(await fixture.names(fixture.peer, 'claim')).toEqual(['data']);
      expect(await fixture.wanted(fixture.peer, 'web')).toBe(1);
    },
  ),
  stage(
    'Deletes nothing that holds data or runs, and nothing at all while a workload of the runbook is missing at the active site.',
    async (fixture) => {
      await fixture.put(fixture.site, 'short-lived', 'text');
      await run(fixture);
      await fixture.remove(fixture.site, 'settings', 'short-lived');
      await fixture.remove(fixture.site, 'workload', 'web');
      const diff = await run(fixture);
      expect(diff).toMatchObject({ deleted: 0, troubles: [{ because: expect.stringContaining('web') as string }] });
      expect(await fixture.names(fixture.peer, 'settings')).toContain('short-lived');
    },
    'a workload is missing',
  ),
  stage('What is as it should be is not written to.', async (fixture) => {
    await run(fixture);
    await expectNoChange(fixture, async () => {
      expect(await run(fixture)).toMatchObject({ created: 0, changed: 0, deleted: 0, kept: [], troubles: [] });
    });
  }),
  stage(
    'Refused with `WrongState`, changing nothing, at a site that is active or while the active site is fenced.',
    async (fixture) => {
      await fixture.fence(fixture.peer, 'unfenced', 2);
      await expectNoChange(fixture, () => expectFailure(run(fixture, { epoch: 2 }), 'WrongState', /active one/));
    },
    'the site is active',
  ),
  stage(
    'Refused with `WrongState`, changing nothing, at a site that is active or while the active site is fenced.',
    async (fixture) => {
      await fixture.fence(fixture.site, 'fenced', 2);
      await expectNoChange(fixture, () => expectFailure(run(fixture, { epoch: 2 }), 'WrongState', /fenced/));
    },
    'the other one is fenced',
  ),
  stage('What cannot be read or written is named in the diff, and holds up nothing else.', async (fixture) => {
    await fixture.hide(fixture.site, 'credentials', 'open sesame');
    const diff = await run(fixture, { sites: fixture.limited });
    expect(diff.troubles).toEqual(
      ['paris', 'berlin'].map((name) => ({
        object: 'Secret',
        because: expect.stringMatching(new RegExp(`may not list secrets .* site "${name}"`)) as string,
      })),
    );
    expect(await fixture.read(fixture.peer, 'settings')).toBe('first');
  }),
  stage('Names of fields are all that is said of contents.', async (fixture) => {
    await fixture.hide(fixture.site, 'credentials', 'open sesame');
    const created = await run(fixture);
    await fixture.hide(fixture.site, 'credentials', 'open barley');
    await fixture.put(fixture.site, 'settings', 'second');
    const changed = await run(fixture);
    expect(changed.changes.map(({ object, fields }) => `${object} ${fields.length}`)).toEqual([
      expect.stringMatching(/settings 1$/),
      expect.stringMatching(/credentials 1$/),
    ]);
    const said = JSON.stringify([created, changed]);
    const secrets = ['open sesame', 'open barley'].flatMap((text) => [text, Buffer.from(text).toString('base64')]);
    for (const text of [...secrets, 'second']) expect(said).not.toContain(text);
  }),
  target('The standby; the other site is the active one.', async (fixture) => {
    await run(fixture);
    await fixture.fence(fixture.site, 'fenced', 2);
    await fixture.fence(fixture.peer, 'unfenced', 2);
    await fixture.scale(fixture.peer, 'web', 2);
    await fixture.put(fixture.peer, 'settings', 'second');
    await fixture.put(fixture.peer, 'made-there', 'new');
    await fixture.driver.stage(requestOf(fixture, 2, 'primary'), quietly());
    expect(await fixture.read(fixture.site, 'settings')).toBe('second');
    expect(await fixture.read(fixture.site, 'made-there')).toBe('new');
    // Its own instances are not what staging stops.
    expect([await fixture.wanted(fixture.site, 'web'), await fixture.wanted(fixture.peer, 'web')]).toEqual([2, 2]);
  }),
  dryRun('True: the diff is made and nothing is changed.', async (fixture) => {
    await expectNoChange(fixture, async () => {
      const dry = await run(fixture, { dryRun: true });
      expect(dry).toMatchObject({ dryRun: true, changed: 0, deleted: 0, troubles: [] });
      expect(dry.created).toBeGreaterThan(2);
    });
    const { created } = await run(fixture, { dryRun: true });
    expect(await run(fixture)).toMatchObject({ created });
  }),
  every(everyMethod.repeatable, async (fixture) => {
    const first = requestOf(fixture);
    await fixture.driver.stage(first, quietly());
    await expectNoChange(fixture, async () => fixture.driver.stage(first, quietly()));
  }),
  every(everyMethod.refusesLowerEpochs, async (fixture) => {
    await fixture.fence(fixture.peer, 'fenced', 5);
    await expectNoChange(fixture, () => expectFailure(run(fixture, { epoch: 4 }), 'Fenced'));
    await run(fixture, { epoch: 5 });
  }),
  every(
    everyMethod.unreachable,
    async (fixture) => {
      await fixture.isolate(fixture.site);
      await expectNoChange(fixture, () => expectFailure(run(fixture), 'SiteUnreachable', /paris/));
      await fixture.reconnect(fixture.site);
      await run(fixture);
    },
    'the active site',
  ),
  every(
    everyMethod.unreachable,
    async (fixture) => {
      await fixture.isolate(fixture.peer);
      await expectFailure(run(fixture), 'SiteUnreachable', /berlin/);
      await fixture.reconnect(fixture.peer);
      await run(fixture);
    },
    'the standby',
  ),
  every(everyMethod.cancellable, async (fixture) => {
    const context = cancelledAt(2);
    await expect(fixture.driver.stage(requestOf(fixture), context)).rejects.toThrow('cancelled by the test');
    await run(fixture);
    expect(await run(fixture)).toMatchObject({ created: 0, changed: 0, deleted: 0 });
    expect(await fixture.wanted(fixture.peer, 'web')).toBe(0);
  }),
];
