import { serviceDirectory, servicesNamedIn } from '../../../core/draft/named-services';
import { referencesIn } from '../../../core/draft/references';
import type { FoundWorkload, NamespaceInventory } from '../../../core/model/namespace-inventory';
import { container, inventory, referring, service, workload } from './namespaces';

describe('a text names a Service', () => {
  const directory = serviceDirectory(
    inventory({
      services: [
        service('db', { ports: [{ protocol: 'TCP', port: 5432, targetPort: 5432 }] }),
        service('order-queue', { headless: true, ports: [] }),
        service('http'),
      ],
    }),
  );

  test.each([
    ['a URL', 'http://db/'],
    ['a URL with a user', 'postgres://me:secret@db:5432/orders'],
    ['one of several in a URL', 'mongodb://a.example.test:27017,db:27017/orders'],
    ['a name and a port of it', 'tcp(db:5432)/orders'],
    ['a name and a port, as nc has them', 'until nc -z db 5432; do sleep 1; done'],
    ['the namespace', 'db.shop'],
    ['the whole name', 'look at db.shop.svc.cluster.local now'],
    ['a setting', 'DB_HOST=db'],
    ['a setting in YAML', 'upstream:\n  host: "db"'],
    ['a setting in JSON', '{"server": "db"}'],
    ['one of a list', 'BROKERS=one.example.test:1, db'],
    ['an option', 'psql --db-host db'],
    ['the short option', 'redis-cli -h=db'],
    ['the variable that Kubernetes sets', '$(DB_SERVICE_HOST)'],
  ])('as %s', (_title, text) => {
    expect(servicesNamedIn(text, directory)).toEqual(['db']);
  });

  test.each([
    ['as a word', 'the db is down'],
    ['as the value of something else', 'LOG_TAG=db'],
    ['with a port that it does not have', 'image: db:12'],
    ['of another namespace', 'http://db.other/ http://db.other.svc.cluster.local/'],
    ['as part of a longer name', 'http://db-two/ http://my-db/ http://db.example.test/ http://a_db/'],
    ['as a file', 'URL=/etc/db'],
    ['when there is none', 'http://web/'],
  ])('not %s', (_title, text) => {
    expect(servicesNamedIn(text, directory)).toEqual([]);
  });

  test('by one of its pods', () => {
    expect(servicesNamedIn('amqp://order-queue-0.order-queue:5672', directory)).toEqual(['order-queue']);
    expect(servicesNamedIn('x-1.order-queue.shop.svc', directory)).toEqual(['order-queue']);
  });

  test('of a headless one with any port', () => {
    expect(servicesNamedIn('order-queue:9999', directory)).toEqual(['order-queue']);
  });
});

describe('a workload refers to another', () => {
  const db = workload('db');
  const configMaps = { stores: { DB_HOST: 'db', NAME: 'x' }, files: { 'app.yaml': 'host: db', 'notes.txt': 'none' } };
  const from = (ref: { kind: 'ConfigMap' | 'Secret'; name: string; key: string }): FoundWorkload =>
    workload('api', { containers: [container({ env: [{ name: 'DB_HOST', from: ref }] })] });

  const found = (api: FoundWorkload, more: Partial<NamespaceInventory> = {}): readonly string[] =>
    referencesIn(inventory({ workloads: [api, db], configMaps, ...more })).map(
      ({ to, where }) => `${to.name}: ${where}`,
    );

  test.each<[string, FoundWorkload, readonly string[]]>([
    ['by a variable', referring('api', 'http://db'), ['db: the variable TO_URL_0']],
    [
      'by a key of a ConfigMap',
      from({ kind: 'ConfigMap', name: 'stores', key: 'DB_HOST' }),
      ['db: the variable DB_HOST, from the ConfigMap stores'],
    ],
    ['not by a ConfigMap that is not there', from({ kind: 'ConfigMap', name: 'none', key: 'DB_HOST' }), []],
    ['not by a Secret', from({ kind: 'Secret', name: 'stores', key: 'DB_HOST' }), []],
    [
      'by all of a ConfigMap',
      workload('api', { containers: [container({ envFrom: [{ kind: 'ConfigMap', name: 'stores' }] })] }),
      ['db: the variable DB_HOST, from the ConfigMap stores'],
    ],
    [
      'by an option and its value',
      workload('api', { containers: [container({ name: 'wait', words: ['wait', '--host', 'db'] })] }),
      ['db: an argument of the container wait'],
    ],
    [
      'by a file',
      workload('api', { mounts: [{ configMap: 'files' }] }),
      ['db: app.yaml of the mounted ConfigMap files'],
    ],
    ['not by a file that is left out', workload('api', { mounts: [{ configMap: 'files', keys: ['notes.txt'] }] }), []],
    ['not to itself', referring('api', 'http://api'), []],
  ])('%s', (_title, api, expected) => {
    expect(found(api)).toEqual(expected);
  });

  test('by the first place only, to all behind a Service, and not to one that shares its own', () => {
    const blue = workload('blue', { podLabels: { app: 'front', colour: 'blue' } });
    const green = { ...referring('green', 'http://front'), podLabels: { app: 'front', colour: 'green' } };
    const api = referring('api', 'http://front', 'http://front/again');
    const references = referencesIn(inventory({ workloads: [api, blue, green], services: [service('front')] }));
    expect(references.map(({ from: one, to, where }) => [one.name, to.name, where])).toEqual([
      ['api', 'blue', 'the variable TO_URL_0'],
      ['api', 'green', 'the variable TO_URL_0'],
    ]);
  });

  test('not by a Service that leads to no pods', () => {
    expect(found(referring('api', 'http://db'), { services: [service('db', { selector: {} })] })).toEqual([]);
  });
});
