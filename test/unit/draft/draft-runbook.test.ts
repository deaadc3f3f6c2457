import { draftRunbook, type DraftRequest } from '../../../core/draft/draft-runbook';
import type { FoundService, NamespaceInventory } from '../../../core/model/namespace-inventory';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { container, inventory, referring, service, workload } from './namespaces';

const draftOf = (found: NamespaceInventory, more: Partial<DraftRequest> = {}) =>
  draftRunbook({ group: 'shop', inventory: found, recovery: { namespace: 'shop' }, ...more });

/** The text without the breaks of long comments. */
const textOf = (found: NamespaceInventory, more: Partial<DraftRequest> = {}): string =>
  draftOf(found, more).text.replace(/\n *# {3}/g, ' ');

const web = workload('web', {
  containers: [container({ readiness: { port: 'http', path: '/ready' } })],
});
const balanced = (name: string, more: Partial<FoundService> = {}): FoundService =>
  service(name, { type: 'LoadBalancer', addresses: ['203.0.113.7'], ...more });
const front = (more: object, tlsHosts: readonly string[] = []): Partial<NamespaceInventory> => {
  const rules = [{ host: 'shop.example.test', path: '/', service: 'web', port: 80, ...more }];
  return { ingresses: [{ name: 'front', rules, tlsHosts, addresses: ['203.0.113.9'] }] };
};
const probed = (readiness: NonNullable<(typeof web)['containers'][number]['readiness']>) => ({
  workloads: [workload('web', { containers: [container({ readiness })] })],
  services: [balanced('web')],
});

describe('checks come from what answers outside', () => {
  test.each<[string, Partial<NamespaceInventory>, object | undefined]>([
    ['a load balancer', { services: [balanced('web')] }, { http: { port: 80, path: '/ready' } }],
    [
      'a port of the nodes',
      {
        services: [
          service('web', {
            type: 'NodePort',
            ports: [{ protocol: 'TCP', port: 80, targetPort: 'http', nodePort: 30080 }],
          }),
        ],
      },
      { http: { port: 30080, path: '/ready' } },
    ],
    ['an Ingress', front({}), { http: { port: 80, path: '/ready', host: 'shop.example.test' } }],
    ['an Ingress with TLS', front({}, ['shop.example.test']), { tcp: { port: 443 } }],
    ['an Ingress that does not let the path in', front({ path: '/shop' }), { tcp: { port: 80 } }],
    ['an Ingress for many hosts', front({ host: '*.example.test' }), { tcp: { port: 80 } }],
    ['an Ingress that names a port that is not there', front({ port: 81 }), undefined],
    ['nothing outside', {}, undefined],
    ['UDP', { services: [balanced('web', { ports: [{ protocol: 'UDP', port: 53, targetPort: 53 }] })] }, undefined],
    ['a probe of another port', probed({ port: 9090, path: '/ready' }), { tcp: { port: 80 } }],
    ['a probe without a path', probed({ port: 8080 }), { tcp: { port: 80 } }],
    ['a probe with TLS', probed({ port: 8080, path: '/ready', https: true }), { tcp: { port: 80 } }],
    ['a probe with an unusual path', probed({ port: 8080, path: 'not a path' }), { tcp: { port: 80 } }],
  ])('%s', (_title, more, expected) => {
    const { workloads } = draftOf(inventory({ workloads: [web], ...more }));
    const [check] = workloads[0]?.checks ?? [];
    expect(check).toEqual(expected && { name: expect.stringMatching(/^web answers at port \d+/), ...expected });
  });

  test('and only at the address that most of them have', () => {
    const workloads = [web, workload('api'), workload('admin')];
    const services = [balanced('web'), balanced('api'), balanced('admin', { addresses: ['203.0.113.8'] })];
    const found = inventory({ workloads, services });
    expect(draftOf(found).workloads.map(({ name, checks = [] }) => [name, checks.length])).toEqual([
      ['web', 1],
      ['api', 1],
      ['admin', 0],
    ]);
    expect(textOf(found)).toContain(
      'not reached at the address of the site: the Service admin (LoadBalancer) (203.0.113.8)',
    );
  });
});

describe('the address of a site', () => {
  const recoveryAt = (...addresses: readonly string[]): DraftRequest['recovery'] => ({
    context: 'dublin',
    namespace: 'shop',
    standby: { kind: 'read', inventory: inventory({ workloads: [web], services: [balanced('web', { addresses })] }) },
  });

  test.each<[string, readonly FoundService[], string, string]>([
    ['is that of the load balancer', [balanced('web')], '203.0.113.7', 'the status of the Service web'],
    ['is open when nothing answers', [service('web')], '192.0.2.1', 'no Service and no Ingress answers from outside'],
    ['is open without a status', [balanced('web', { addresses: [] })], '192.0.2.1', 'without an address yet'],
    [
      'is open behind a name',
      [balanced('web', { addresses: ['lb.example.test'] })],
      '192.0.2.1',
      'behind lb.example.test',
    ],
    [
      'is open for ports of nodes',
      [service('web', { type: 'NodePort', ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 30080 }] })],
      '192.0.2.1',
      'give the address of a node',
    ],
  ])('%s', (_title, services, address, says) => {
    const text = textOf(inventory({ workloads: [web], services }));
    expect(text).toContain(`address: ${address}\n`);
    expect(text).toContain(says);
  });

  test.each<[string, DraftRequest['recovery'], string, string]>([
    ['of the standby is read there', recoveryAt('203.0.113.99'), '203.0.113.99', 'the status of the Service web'],
    ['is not that of the other site', recoveryAt('203.0.113.7'), '198.51.100.1', 'tells the address of the other site'],
    [
      'is open when the standby cannot be read, which is told',
      { context: 'dublin', namespace: 'shop', standby: { kind: 'unread', because: 'it does not answer' } },
      '198.51.100.1',
      'it does not answer',
    ],
    ['is open without a standby', { namespace: 'shop' }, '198.51.100.1', 'the other cluster was not looked at'],
  ])('%s', (_title, recovery, address, says) => {
    const text = textOf(inventory({ workloads: [web], services: [balanced('web')] }), { recovery });
    expect(text).toContain(`address: ${address}\n`);
    expect(text).toContain(says);
  });
});

test('a port of the nodes has to be the same at both sites', () => {
  const ports = [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 30080 }];
  const found = inventory({ workloads: [web], services: [service('web', { type: 'NodePort', ports })] });
  expect(textOf(found)).toContain('which needs the same node port at both sites');
});

test('claims become volumes of the workloads that mount them, and the sites get a mover', () => {
  const claims = ['data', 'log-db-0', 'log-db-1', 'other'].map((name) => ({ name, size: '1Gi', storageClass: 'fast' }));
  const api = workload('api', { claims: ['data'] });
  const found = inventory({ workloads: [api, workload('db', { kind: 'StatefulSet', claims: ['log'] })], claims });
  const text = textOf(found);
  expect(text).toContain('volumes: [ data ]');
  expect(text).toContain('volumes: [ log-db-0, log-db-1 ]');
  expect(text).toContain('- name: log-db-1\n    kubernetes: { claim: log-db-1 }');
  expect(text.match(/mover:\s*\{\s*image: /g)).toHaveLength(2);
  expect(text).toContain('# review: Volume claims that no workload mounts. They are not moved.\n# - other');
});

test('what the standby lacks is named', () => {
  const standby = { kind: 'read', inventory: inventory({ workloads: [web] }) } as const;
  const found = inventory({ workloads: [web, workload('api'), workload('db', { kind: 'StatefulSet' })] });
  const text = textOf(found, { recovery: { context: 'dublin', namespace: 'shop', standby } });
  expect(text).toContain('needed before a failover: Deployment api, StatefulSet db\n');
});

test.each<[string, Parameters<typeof workload>[1], string]>([
  ['an owner', { madeBy: 'Kafka/orders' }, 'Kafka/orders makes this Deployment, and may undo'],
  ['nothing that runs', { stopped: true }, 'it is switched off, and a run leaves it so'],
  [
    'a Secret',
    { containers: [container({ envFrom: [{ kind: 'Secret', name: 'login' }] })] },
    'from the Secret login was not read',
  ],
])('a workload with %s is for review', (_title, more, says) => {
  expect(textOf(inventory({ workloads: [workload('api', more)] }))).toContain(says);
});

test('two kinds with one name, and a name with dots', () => {
  const workloads = [workload('api'), workload('api', { kind: 'CronJob' }), workload('api.v2'), workload('api-v2')];
  expect(
    draftOf(inventory({ workloads }))
      .workloads.map(({ name }) => name)
      .sort(),
  ).toEqual(['api', 'api-cronjob', 'api-v2', 'api-v2-deployment'].sort());
});

test('three hundred workloads are a runbook', () => {
  const workloads = Array.from({ length: 300 }, (_, at) =>
    referring(`service-${at}`, `http://service-${Math.floor(at / 3)}`, `http://service-${(at * 7) % 300}`),
  );
  expect(parseRunbook(draftOf(inventory({ workloads })).text, 'large.yaml')).toMatchObject({ ok: true });
});

test('all of a small namespace', () => {
  const found = inventory({
    workloads: [referring('web', 'http://api'), referring('api', 'http://web')],
    services: [balanced('web'), service('api')],
    autoscalers: [{ name: 'api', kind: 'Deployment', target: 'api', least: 1, most: 3 }],
    claims: [{ name: 'old', size: '1Gi', storageClass: 'fast' }],
    ...front({}),
  });
  const recovery = { context: 'dublin', namespace: 'shop-standby' };
  expect(draftOf(found, { recovery, kubeconfig: 'clusters.yaml' }).text).toMatchInlineSnapshot(`
   "# Drafted by \`switchback init\` from the namespace shop of the context frankfurt.
   # What was guessed is marked "review:", with why. Take a mark away when you have looked at it.

   switchback: 1
   group: shop
   # review: what is the application, in words of those who run it?
   description: What runs in the namespace shop
   # review: what was promised? These are examples
   objectives: { rpo: 1m, rto: 15m }

   sites:
     primary:
       # review: a site is called as its context; reports, records and task queues will have this name
       name: frankfurt
       driver: kubernetes
       # review: the address that the status of the Service web (LoadBalancer) tells
       address: 203.0.113.7
       # review: the worker looks this file up in its folder SWITCHBACK_KUBECONFIGS
       kubernetes: { context: frankfurt, namespace: shop, kubeconfig: clusters.yaml }
     recovery:
       # review: a site is called as its context; reports, records and task queues will have this name
       name: dublin
       driver: kubernetes
       # review: 198.51.100.1 is a placeholder: the other cluster was not looked at
       address: 198.51.100.1
       kubernetes: { context: dublin, namespace: shop-standby, kubeconfig: clusters.yaml }

   # Those of a later priority start later, and stop first. \`dependsOn\` says what must be healthy before.
   # review: 1 of 2 are without checks, since nothing leads to them from outside: they count as healthy when their pods
   #   are Ready
   workloads:
     # review: the variable TO_URL_0 names the Service web, so it may need web too; left out, as it closes the circle api
     #   -> web -> api
     - name: api
       priority: 1 # review: it depends on nothing that was found
       kubernetes: { kind: Deployment, name: api, replicas: 2 }

     - name: web
       priority: 2 # review: one group after what it depends on
       # review: api: the variable TO_URL_0 names the Service api
       dependsOn: [ api ]
       kubernetes: { kind: Deployment, name: web, replicas: 2 }
       checks:
         # review: the Service web (LoadBalancer) leads here; no readiness probe tells a path, so only a connection is tried
         - name: web answers at port 80
           tcp: { port: 80 }

   # What else is in the namespace
   #
   # review: Volume claims that no workload mounts. They are not moved.
   # - old: 1Gi, storage class fast
   #
   # Services. Switchback leaves them alone: they have to be at both sites, and lead to whatever runs there.
   # - web: LoadBalancer, port 80
   # - api: ClusterIP, port 80
   # review: Not checked, since they are not reached at the address of the site: the Ingress front (203.0.113.9)
   #
   # Autoscalers. Each is set aside while its workload is stopped, and put back when it has been started.
   # - api: Deployment api, 1 to 3
   #
   # review: Hosts of Ingresses. Customers reach the application by these names: add a record under \`traffic\` for each
   #   that a run is to move to the other site.
   # - shop.example.test
   "
  `);
});
