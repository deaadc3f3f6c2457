import type { Observation } from '../../../core/model/observation';
import type { SeenInstancesByWorkload, WorkloadObservation } from '../../../core/model/workload';
import { compilePlan } from '../../../core/planning/compile-plan';
import { instancesText } from '../../../core/report/instances-text';
import { inputFor } from './compiled';
import { parsedShop } from './shop';

const at = '2026-11-21T10:00:00.000Z';
const minutesBefore = (minutes: number): string => new Date(Date.parse(at) - minutes * 60_000).toISOString();

const shop = parsedShop();
const [first, ...others] = shop.workloads;
if (first === undefined) throw new Error('the shop has no workload');
const { name } = first;
/** Its first workload is a Deployment, of which the runbook says 2. */
const runbook = {
  ...shop,
  workloads: [{ ...first, kubernetes: { kind: 'Deployment', name: 'one', replicas: 2 } }, ...others],
};

interface Known {
  /** Of the first workload at the active site; null: the site does not answer. */
  readonly now: Partial<WorkloadObservation> | null;
  readonly lastSeen?: SeenInstancesByWorkload;
}

/** An unplanned failover of the shop. */
function planOf({ now, lastSeen }: Known) {
  const input = inputFor(runbook, 'failover', 'unplanned');
  const { primary } = input.observation.sites;
  const workloads = primary.workloads.map((one) => (one.workload === name && now ? { ...one, ...now } : one));
  const seen = now ? { ...primary, workloads } : { ...primary, workloads: [] };
  const observation: Observation = {
    ...input.observation,
    sites: { ...input.observation.sites, primary: seen },
    ...(lastSeen && { lastSeen }),
  };
  const plan = compilePlan({ ...input, observation }, (text) => text);
  const start = plan.steps.find((step) => step.kind === 'start-workload' && step.workload === name);
  if (start === undefined) throw new Error('it is not started');
  return { plan, start, instances: start.input.instances, says: instancesText(start, plan, at) };
}

const lastSeen = { [name]: { replicas: 3, seenAt: minutesBefore(4) } };

describe('a start brings up', () => {
  test('as many as are seen now, though the group knows another number', () => {
    const { instances, plan, says } = planOf({ now: { wanted: { one: 5 } }, lastSeen });
    expect([instances, plan.unseen, says]).toEqual([{ replicas: 5 }, undefined, undefined]);
  });

  test.each<[string, Known['now']]>([
    ['the site does not answer', null],
    ['it is not certain what is there', { status: 'unknown' }],
    ['a run has stopped it there', { status: 'stopped', replicas: 0 }],
  ])('as many as the group has last seen, when %s', (_what, now) => {
    const { instances, says } = planOf({ now, lastSeen });
    expect(instances).toEqual({ replicas: 3 });
    expect(says).toMatch(/^3, as last seen at \w+ 4 min ago$/);
  });

  test('what the site itself has recorded, else what the runbook says, when nobody has ever seen it', () => {
    const { instances, says } = planOf({ now: null });
    expect(instances).toBeUndefined();
    expect(says).toMatch(/^as many as \w+ itself has recorded, else 2: never seen at \w+$/);
  });

  test('nothing of what was switched off when it was last seen; and its title says so', () => {
    const off = { [name]: { switchedOff: ['one'], seenAt: minutesBefore(60) } };
    const { instances, start, says } = planOf({ now: null, lastSeen: off });
    expect(instances).toEqual({ switchedOff: ['one'] });
    expect(start.title).toMatch(/^leave .* switched off$/);
    expect(says).toMatch(/^one switched off, as last seen at \w+ 1 h ago$/);
  });

  test('what is on now, though it was off when the group last saw it', () => {
    const off = { [name]: { switchedOff: ['one'], seenAt: minutesBefore(1) } };
    const { instances, start } = planOf({ now: { wanted: { one: 1 } }, lastSeen: off });
    expect(instances).toEqual({ replicas: 1 });
    expect(start.title).toMatch(/^start /);
  });

  test('and of several objects each its own number', () => {
    const several = { [name]: { wanted: { a: 3, b: 1 }, switchedOff: ['c'], seenAt: at } };
    expect(planOf({ now: null, lastSeen: several }).says).toMatch(/^3 of a, 1 of b, c switched off, as last seen at/);
  });
});

test('the number is in the hash of the plan, and when it was seen is not', () => {
  const hashOf = (seen: SeenInstancesByWorkload): string => planOf({ now: null, lastSeen: seen }).plan.hash;
  expect(hashOf({ [name]: { replicas: 3, seenAt: minutesBefore(9) } })).toBe(hashOf(lastSeen));
  expect(hashOf({ [name]: { replicas: 4, seenAt: minutesBefore(4) } })).not.toBe(hashOf(lastSeen));
});

test('only starts of workloads of a cluster say where their number is from, and those alone', () => {
  const { plan } = planOf({ now: null, lastSeen });
  expect(plan.unseen?.seenAt).toEqual({ [name]: minutesBefore(4) });
  const saying = [...plan.steps, ...plan.rollback].filter((step) => instancesText(step, plan, at) !== undefined);
  expect(saying.map(({ kind, workload }) => [kind, workload])).toEqual([['start-workload', name]]);
});
