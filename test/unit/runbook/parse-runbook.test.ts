import type { Runbook } from '../../../core/model/runbook';
import { formatDiagnostic } from '../../../core/runbook/diagnostic';
import { parseRunbook } from '../../../core/runbook/parse-runbook';

/** A runbook of only what must be there, and what a test adds. */
const minimal = (more = '', workload = 'checks: [{ name: answers, http: {} }]') => `
switchback: 1
group: shop
objectives: { rpo: 30s, rto: 1.5m }
sites:
  primary: { driver: local, name: alpha, address: 127.0.1.1 }
  recovery: { driver: local, name: beta, address: 127.0.2.1, folder: lab/beta }
workloads:
  - name: ledger
    local: { command: [node, ledger.cjs], port: 7101 }
    ${workload}
${more}
`;

function accepted(text: string): Runbook {
  const parsed = parseRunbook(text, 'shop.yaml');
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.runbook;
}

const refused = (text: string): string[] => {
  const parsed = parseRunbook(text, 'shop.yaml');
  return (parsed.ok ? parsed.warnings : parsed.diagnostics).map(formatDiagnostic);
};

test('what is not written has its default', () => {
  expect(accepted(minimal())).toStrictEqual({
    group: 'shop',
    description: '',
    objectives: { rpoSeconds: 30, rtoSeconds: 90 },
    sites: {
      primary: { driver: 'local', name: 'alpha', address: '127.0.1.1', folder: 'alpha' },
      recovery: { driver: 'local', name: 'beta', address: '127.0.2.1', folder: 'lab/beta' },
    },
    workloads: [
      {
        name: 'ledger',
        priority: 1,
        dependsOn: [],
        volumes: [],
        stopGraceSeconds: 10,
        checks: [
          {
            name: 'answers',
            probe: { kind: 'http', port: 7101, path: '/', status: 200, maxLatencyMs: 1000 },
            timeoutMs: 2000,
            intervalMs: 250,
            successes: 3,
            withinSeconds: 60,
          },
        ],
        local: { command: ['node', 'ledger.cjs'], port: 7101, env: {} },
      },
    ],
    volumes: [],
    replication: {
      everySeconds: 10,
      pointEverySeconds: 600,
      retention: [
        { everySeconds: 600, forSeconds: 3600 },
        { everySeconds: 3600, forSeconds: 86_400 },
        { everySeconds: 86_400, forSeconds: 2_592_000 },
      ],
    },
    failbackPolicy: {
      everySeconds: 10,
      pointEverySeconds: 600,
      retention: [{ everySeconds: 600, forSeconds: 86_400 }],
      rpoSeconds: 900,
      applicationPointEverySeconds: 3600,
    },
    traffic: [],
    integrity: [],
    operations: {
      failover: { gates: [], strategy: 'cold', onFailure: 'ask' },
      reprotect: { gates: [], strategy: 'cold', onFailure: 'ask' },
      failback: { gates: [], strategy: 'cold', onFailure: 'ask' },
    },
    execution: { concurrency: 50, heartbeatSeconds: 10 },
  } satisfies Runbook);
});

test('the derived failback policy never replicates less often than its objective allows', () => {
  const slow = minimal('replication: { every: 30m, points: { every: 2d, keep: [{ every: 2d, for: 30d }] } }').replace(
    '30s',
    '1h',
  );
  expect(accepted(slow).failbackPolicy).toEqual({
    everySeconds: 900,
    pointEverySeconds: 172_800,
    retention: [{ everySeconds: 172_800, forSeconds: 172_800 }],
    rpoSeconds: 900,
    applicationPointEverySeconds: 3600,
  });
});

test('values of a record are given by role, by name of the site, or taken from the addresses', () => {
  const record = (more: string) =>
    minimal(`traffic: [{ name: shop.example.test, provider: { driver: memory }${more} }]`);
  const valuesOf = (more: string) => accepted(record(more)).traffic[0]?.values;
  expect(valuesOf('')).toEqual({ primary: ['127.0.1.1'], recovery: ['127.0.2.1'] });
  expect(valuesOf(', values: { alpha: [10.0.0.1], recovery: [10.0.0.2] }')).toEqual({
    primary: ['10.0.0.1'],
    recovery: ['10.0.0.2'],
  });
  expect(valuesOf(', type: CNAME, values: { alpha: [a.example.test], beta: [b.example.test] }')).toEqual({
    primary: ['a.example.test'],
    recovery: ['b.example.test'],
  });
});

test('gates keep their order, and a window needs no start', () => {
  const gates = 'gates: [{ approval: { name: first, mode: unplanned } }, { window: { duration: 2h } }]';
  expect(accepted(minimal(`operations: { failover: { ${gates} } }`)).operations.failover.gates).toStrictEqual([
    { kind: 'approval', name: 'first', prompt: 'Go ahead?', approvers: [], notRequester: true, mode: 'unplanned' },
    { kind: 'window', name: 'maintenance', durationSeconds: 7200, timeZone: 'UTC' },
  ]);
});

test('failure policies are given by phase, and agree with onFailure where both are there', () => {
  const policies = 'failurePolicy: { start: { retry: 2, every: 1m, then: rollback }, finish: { then: continue } }';
  const { failover } = accepted(minimal(`operations: { failover: { onFailure: rollback, ${policies} } }`)).operations;
  expect(failover).toMatchObject({ onFailure: 'rollback' });
  expect(failover.failurePolicy).toStrictEqual({
    start: { retries: 2, everySeconds: 60, then: 'rollback' },
    finish: { retries: 0, everySeconds: 10, then: 'continue' },
  });
});

test('an override may contradict priorities, for that is what it is for', () => {
  const web =
    '\n  - { name: web, priority: 2, local: { command: [node, web.cjs], port: 7102 }, checks: [{ name: answers, tcp: {} }] }\n';
  const more = 'operations: { failback: { startOrder: [web, ledger] } }';
  const text = minimal(web + more);
  expect(accepted(text).operations.failback.startOrder).toEqual(['web', 'ledger']);
});

test('what an alias stands for is used at both places, and a fault in it is told once, where it is written', () => {
  const checks = (probe: string) =>
    `checks: &checks [{ name: answers, http: { port: 7101, bodyContains: x${probe} } }]`;
  expect(accepted(minimal('integrity: *checks', checks(''))).integrity).toHaveLength(1);
  expect(refused(minimal('integrity: *checks', checks(', pth: /')))).toEqual([
    'shop.yaml:11:76 UnknownKey: the key "pth" is not known here; did you mean "path"?',
  ]);
});

test('a byte order mark and Windows line ends change nothing', () => {
  const text = minimal();
  expect(accepted(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(accepted(text));
});

test('JSON is YAML too', () => {
  const site = (name: string, address: string) => ({ driver: 'memory', name, address });
  const runbook = {
    switchback: 1,
    group: 'shop',
    objectives: { rpo: '30s', rto: '60s' },
    sites: { primary: site('alpha', '127.0.1.1'), recovery: site('beta', '127.0.2.1') },
    workloads: [{ name: 'ledger', checks: [{ name: 'listens', tcp: { port: 7101, banner: 'SSH' } }] }],
  };
  expect(refused(JSON.stringify(runbook))).toEqual([]);
});

test('a warning is formatted as one', () => {
  expect(refused(minimal('', ''))).toEqual([
    'shop.yaml:9:11 warning WorkloadUnchecked: the workload "ledger" has no checks',
  ]);
});
