import { copyForDrill, prepareDrill } from '../../../activities/steps/drill-steps';
import { groupSteps } from '../../../activities/steps/group-steps';
import type { StepRequest } from '../../../activities/contract';
import type { PlanStep } from '../../../core/model/plan';
import type { WorstLag } from '../../../core/model/protection';
import { mutation, quietly } from '../../contract/contract';
import { alpha, beta, group, volume, worldOf } from '../drivers/memory-fixtures';

const place = { drill: { address: '127.0.4.1' } };

const requestOf = (kind: PlanStep['kind'], input: PlanStep['input']): StepRequest => ({
  run: { workflowId: 'drill/shop/1', runId: 'run-1', group, operation: 'drill' },
  operationKey: `run-1/${kind}`,
  step: { id: kind, kind, title: kind, segment: 'one', site: 'recovery', dependsOn: [], input },
  sites: { primary: alpha, recovery: { ...beta, ...place } },
  volume,
  heartbeatSeconds: 5,
});

test.each([
  ['20261121T100000Z-1', /there is none of that id.*may have been thinned since.*start the drill anew/],
  ['latest', /^(?!.*thinned)/],
])('a copy from the point %s, which is not there any more, says what to do', async (point, saying) => {
  const world = worldOf();
  const drivers = {
    sites: { memory: { workload: world.workload, replication: world.replication, check: world.check } },
    traffic: {},
  };
  await prepareDrill(drivers, requestOf('prepare-drill', { epoch: 1, isolated: true }), quietly());
  await world.replication.claim(
    alpha,
    volume,
    mutation({ group, state: async () => 0, tearDown: async () => undefined }, 1),
    quietly(),
  );
  const call = copyForDrill(drivers, requestOf('copy-for-drill', { epoch: 1, isolated: true, point }), quietly());
  await expect(call).rejects.toMatchObject({
    code: 'RecoveryPointMissing',
    message: expect.stringMatching(saying) as string,
  });
});

describe('the look at the lag since the drill began', () => {
  const look = (worst: WorstLag | undefined) => {
    const unused = (): Promise<string> => Promise.reject(new Error('changes nothing'));
    const bodies = groupSteps({
      commit: unused,
      pauseReplication: unused,
      resumeReplication: unused,
      worstLag: async () => worst,
    });
    return bodies['verify-lag']({ sites: {}, traffic: {} }, requestOf('verify-lag', { seconds: 5 }), quietly());
  };
  const at = '2026-11-21T10:00:09.000Z';

  test.each<[WorstLag | undefined, RegExp]>([
    [{ seconds: 4.96, at }, /^5\.0 s behind at worst, at 2026-11-21T10:00:09\.000Z; 5 s allowed$/],
    [{ seconds: 5.2, at }, /^5\.2 s behind at worst, .*: the objective was missed$/],
    [undefined, /^not known/],
  ])('of %j', async (worst, summary) => {
    const outcome = await look(worst);
    expect(outcome.summary).toMatch(summary);
    expect(outcome.facts['worstLag']).toEqual(worst);
  });
});
