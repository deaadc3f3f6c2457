import type { StagePolicy } from '../../../core/model/stage';
import type { FailoverMode, Operation } from '../../../core/model/operation';
import { compiled, inputFor } from './compiled';
import { forward } from './graph';
import { parsedShop } from './shop';

const stage: StagePolicy = {
  everySeconds: 300,
  kinds: ['ConfigMap', 'Secret', 'Deployment'],
  customResources: [],
  except: [],
  maps: { storageClasses: {}, images: {}, ingressHosts: {} },
};

const planOf = (operation: Operation, mode: FailoverMode = 'planned') =>
  forward(compiled({ ...inputFor({ ...parsedShop(), stage }, operation), mode }));

test.each<[Operation, 'primary' | 'recovery']>([
  ['failover', 'recovery'],
  ['failback', 'primary'],
])(
  'a planned %s makes the standby current before anything is stopped, by the worker of the %s site',
  (operation, site) => {
    const graph = planOf(operation);
    const [pass, ...others] = graph.ofKind('stage-standby');
    expect(others).toEqual([]);
    expect(pass).toMatchObject({ site, input: { stage } });
    const stops = graph.ofKind('stop-workload');
    expect(stops.length).toBeGreaterThan(0);
    for (const stop of stops) expect(pass !== undefined && graph.isBefore(pass, stop)).toBe(true);
  },
);

test.each<[string, Operation, FailoverMode]>([
  ['a lost site has nothing to copy from', 'failover', 'unplanned'],
  ['a reprotect leaves it to the schedule', 'reprotect', 'planned'],
  ['a drill changes nothing but its copy', 'drill', 'planned'],
])('%s', (_, operation, mode) => {
  expect(planOf(operation, mode).ofKind('stage-standby')).toEqual([]);
});

test('a runbook that stages nothing has no such step', () => {
  expect(forward(compiled(inputFor(parsedShop(), 'failover'))).ofKind('stage-standby')).toEqual([]);
});
