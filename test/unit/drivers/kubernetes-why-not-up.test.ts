import type { Pod } from '../../../drivers/kubernetes/kube-object';
import { hopelessPod, latePod } from '../../../drivers/kubernetes/workloads/why-not-up';

const pod = (name: string, status: object, more: object = {}): Pod => ({
  metadata: { name, uid: name, resourceVersion: '1', ...more },
  spec: { containers: [] },
  status,
});
const since = '2026-01-01T00:00:00Z';
const unschedulable = pod('waits', {
  conditions: [
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/2 nodes', lastTransitionTime: since },
  ],
});
const after = (seconds: number): number => Date.parse(since) + seconds * 1000;

test('a pod that no node takes is given half a minute: a node may be on its way', () => {
  expect(hopelessPod([unschedulable], after(30))).toBeUndefined();
  expect(hopelessPod([unschedulable], after(31))).toMatchObject({ saw: 'no node takes it: 0/2 nodes' });
});

const main = (state: object, ready = false) => ({ name: 'main', restartCount: 0, ready, state });

test.each([
  ['no node has taken it', unschedulable, '0/2 nodes', undefined],
  ['nothing has begun', pod('new', {}), 'none of its containers has begun', undefined],
  [
    'an init container runs on',
    pod('init', {
      initContainerStatuses: [
        { ...main({ terminated: { exitCode: 0 } }, true), name: 'first' },
        { ...main({ running: {} }), name: 'second' },
      ],
      containerStatuses: [main({ waiting: { reason: 'PodInitializing' } })],
    }),
    'container second runs, and the pod is not Ready',
    'second',
  ],
  [
    'a container waits',
    pod('creating', { containerStatuses: [main({ waiting: { reason: 'ContainerCreating' } })] }),
    'container main is in ContainerCreating',
    'main',
  ],
  [
    'a container has ended',
    pod('ended', { containerStatuses: [main({ terminated: { exitCode: 3 } })] }),
    'container main has ended with 3',
    'main',
  ],
  [
    'only a readiness gate is missing',
    pod('gated', { containerStatuses: [main({ running: {} }, true)] }),
    'container main runs, and the pod is not Ready',
    'main',
  ],
])('a late pod of which %s', (_what, late, saw, container) => {
  const ready = pod('ready', { conditions: [{ type: 'Ready', status: 'True' }] });
  const ends = pod('ends', {}, { deletionTimestamp: since });
  const over = pod('over', { phase: 'Failed' });
  expect(latePod([ready, ends, over, late])).toEqual({ pod: late, saw, ...(container && { container }) });
  expect(latePod([ready, ends, over])).toBeUndefined();
});
