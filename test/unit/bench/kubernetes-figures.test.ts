import { byWorker, throttled } from '../../../bench/kubernetes/api-requests';
import { kubernetesJsonLine, kubernetesTable, type Details } from '../../../bench/kubernetes/kubernetes-figures';
import { percentile } from '../../../bench/kubernetes/ready-observer';
import { movedIn } from '../../../bench/kubernetes/switchback-move';
import type { RunEvent } from '../../../core/model/run';

const figures = {
  floorSeconds: 3.4,
  failbackSeconds: 4.0812,
  ratioToFloor: 1.25,
  bashSeconds: 20,
  thousandSeconds: 41,
  requestsPerWorkloadDirection: 2.218,
  throttled: 0,
  readyLagMs95: 101.4,
  moverRatio: null,
};
const details: Details = {
  floorStopSeconds: 1,
  failbackStopSeconds: 1.5,
  runSeconds: 6,
  thousandRunSeconds: 50,
  workerPeakMiB: 700,
  moverHow: 'not measured: why',
};

describe('the figures of Kubernetes', () => {
  test('are one line of JSON with every key, in order; null is what was not measured', () => {
    expect(kubernetesJsonLine({ ...figures, bashSeconds: Number.NaN })).toBe(
      '{"floorSeconds":3.4,"failbackSeconds":4.08,"ratioToFloor":1.25,"bashSeconds":null,"thousandSeconds":41,' +
        '"requestsPerWorkloadDirection":2.22,"throttled":0,"readyLagMs95":101,"moverRatio":null}',
    );
  });

  test('are shown as far as they were measured', () => {
    expect(kubernetesTable({ bashSeconds: 20 })).toMatch(/bash loop of kubectl +20 s +>= - /);
    expect(JSON.parse(kubernetesJsonLine({ throttled: 0 }))).toMatchObject({ floorSeconds: null, throttled: 0 });
  });

  test.each([
    ['failback over floor', /1\.25 x +<= 1\.25 x +met /],
    ['bash loop', /20 s +>= 20\.41 s +NOT met /],
    ['failback of 1,000', /41 s +<= 40\.81 s +NOT met /],
    ['API requests per workload', /2\.22 +<= 3 +met /],
    ['memory of the worker', /700 MiB +<= 1024 MiB +met /],
    ['requests answered with 429', /0 +<= 0 +met /],
    ["a pod's Ready", /101 ms +<= 100 ms +NOT met /],
    ['final delta', /- +<= 2 x +not measured: why/],
    ['floor: 100', /3\.4 s +parallel/],
  ])('say in a table whether the goal is met: %s', (what, row) => {
    const line = kubernetesTable({ ...figures, ...details })
      .split('\n')
      .find((one) => one.trimStart().startsWith(what));
    expect(line).toMatch(row);
  });
});

test('requests are counted by the flow schema of the worker, and 429 of everybody', () => {
  const metrics = [
    '# TYPE apiserver_flowcontrol_dispatched_requests_total counter',
    'apiserver_flowcontrol_dispatched_requests_total{flow_schema="switchback-worker",priority_level="workload-low"} 41',
    'apiserver_flowcontrol_dispatched_requests_total{flow_schema="service-accounts",priority_level="workload-low"} 900',
    'apiserver_flowcontrol_rejected_requests_total{flow_schema="switchback-worker",priority_level="workload-low",reason="queue-full"} 1',
    'apiserver_request_total{code="200",resource="pods",verb="LIST"} 70',
    'apiserver_request_total{code="429",resource="pods",verb="LIST"} 2',
    'apiserver_request_total{code="429",resource="pods",verb="PATCH"} 1',
  ].join('\n');
  expect([byWorker(metrics), throttled(metrics)]).toEqual([42, 3]);
});

test('a move lasts from the first stop that was scheduled to the last start that was recorded', () => {
  const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
  const scheduled = (step: string, seconds: number): RunEvent => ({ kind: 'step-scheduled', step, at: at(seconds) });
  const done = (step: string, seconds: number): RunEvent => {
    const result = { summary: '', facts: {}, startedAt: '', finishedAt: '', attempt: 1, worker: '' };
    return { kind: 'step-done', step, at: at(seconds), result };
  };
  const events = [
    scheduled('verify-site/alpha', 1),
    scheduled('stop-workload/a@beta', 10),
    scheduled('stop-workload/b@beta', 10.1),
    done('stop-workload/a@beta', 12),
    done('stop-workload/b@beta', 11),
    scheduled('start-workload/a@alpha', 12.5),
    done('start-workload/b@alpha', 14),
    done('start-workload/a@alpha', 13),
    done('check-health/a@alpha', 20),
  ];
  expect(movedIn(events)).toEqual({ moveSeconds: 4, stopSeconds: 2 });
});

test.each([
  [0.95, 95],
  [0.5, 50],
  [1, 100],
])('the percentile %d of 1 to 100', (share, expected) => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, share)).toBe(expected);
});
