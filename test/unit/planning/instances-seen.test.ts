import type { Observation } from '../../../core/model/observation';
import type { WorkloadObservation, WorkloadSpec } from '../../../core/model/workload';
import { instancesAt } from '../../../core/planning/instances-seen';

const workload = (kubernetes: WorkloadSpec['kubernetes']): WorkloadSpec => ({
  name: 'web',
  priority: 1,
  dependsOn: [],
  volumes: [],
  stopGraceSeconds: 10,
  checks: [],
  ...(kubernetes && { kubernetes }),
});

function seen(observed: Partial<WorkloadObservation>, kubernetes?: WorkloadSpec['kubernetes']) {
  const web: WorkloadObservation = {
    workload: 'web',
    site: 'paris',
    status: 'running',
    replicas: 4,
    saw: '',
    ...observed,
  };
  const sites = { primary: { workloads: [web] }, recovery: { workloads: [] } };
  return instancesAt({ observation: { sites } as unknown as Observation }, workload(kubernetes), 'primary');
}

const named = { kind: 'Deployment', name: 'web' };
const labelled = { kind: 'Deployment', selector: { tier: 'web' } };

test.each([
  ['of one object, how many ran', seen({}, named), { instances: { replicas: 4 } }],
  [
    'of several, how many each wanted, and no sum',
    seen({ wanted: { one: 3, two: 1 } }, labelled),
    { instances: { wanted: { one: 3, two: 1 } } },
  ],
  [
    'what is switched off',
    seen({ status: 'stopped', replicas: 0, switchedOff: ['web'] }, named),
    { instances: { switchedOff: ['web'] } },
  ],
  ['nothing of what is not known for certain', seen({ status: 'unknown' }, named), {}],
  ['nothing of what a run has stopped', seen({ status: 'stopped', replicas: 0 }, named), {}],
  ['nothing of a local process', seen({}), {}],
])('a plan keeps %s', (_what, kept, expected) => {
  expect(kept).toEqual(expected);
});
