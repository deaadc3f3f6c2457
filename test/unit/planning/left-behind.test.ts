import type { UnnamedWorkloads } from '../../../core/model/observation';
import type { Operation } from '../../../core/model/operation';
import type { Runbook } from '../../../core/model/runbook';
import type { SiteRole } from '../../../core/model/site';
import { compiled, inputFor } from './compiled';
import { parsedShop } from './shop';

const deployments = (...names: readonly string[]) => names.map((name) => ({ kind: 'Deployment', name }));

function precheck(
  unnamed: UnnamedWorkloads,
  { operation = 'failover', at = 'primary', runbook = parsedShop() }: Asked,
) {
  const input = inputFor(runbook, operation);
  const { sites } = input.observation;
  const seen = { ...sites, [at]: { ...sites[at], unnamed } };
  const { prechecks } = compiled({ ...input, observation: { ...input.observation, sites: seen } });
  return prechecks.find(({ code }) => code === 'NothingLeftBehind');
}

interface Asked {
  readonly operation?: Operation;
  readonly at?: SiteRole;
  readonly runbook?: Runbook;
}

test.each<[string, UnnamedWorkloads, Asked, object | undefined]>([
  ['is warned of', { kind: 'seen', objects: deployments('mail') }, {}, { severity: 'warning' }],
  ['nothing, is fine', { kind: 'seen', objects: [] }, {}, { severity: 'ok', saw: 'nothing else runs there' }],
  ['unknown, is no fault', { kind: 'unknown', saw: '403' }, {}, { severity: 'ok', saw: 'not known: 403' }],
  [
    'of the standby, is no matter of a move',
    { kind: 'seen', objects: deployments('mail') },
    { at: 'recovery' },
    undefined,
  ],
  [
    'is warned of on the way home as well',
    { kind: 'seen', objects: deployments('mail') },
    { operation: 'failback', at: 'recovery' },
    { severity: 'warning' },
  ],
  [
    'is no matter of what moves nothing',
    { kind: 'seen', objects: deployments('mail') },
    { operation: 'drill' },
    undefined,
  ],
])('what a runbook does not name, %s', (_title, unnamed, asked, expected) => {
  const found = precheck(unnamed, asked);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(expected);
});

test('ten are named, and how many more there are, with what to do', () => {
  const names = Array.from({ length: 13 }, (_unused, index) => `mail-${index}`);
  const saw = precheck({ kind: 'seen', objects: deployments(...names) }, {})?.saw;
  expect(saw).toMatch(/Deployment mail-9, and 3 more \(name them under `workloads` when /);
  expect(saw).not.toContain('mail-10');
});

test('what staging excepts is each site’s own', () => {
  const maps = { storageClasses: {}, images: {}, ingressHosts: {} };
  const except = deployments('agent');
  const stage = { everySeconds: 60, kinds: [], customResources: [], except, maps };
  const found = precheck({ kind: 'seen', objects: deployments('agent') }, { runbook: { ...parsedShop(), stage } });
  expect(found).toMatchObject({ severity: 'ok' });
});
