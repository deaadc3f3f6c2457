import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { bin } from '../../../package.json';
import { pollRates } from '../../../workers/temporal-server/server-arguments';

/** There is no container engine here: what can be known of the stack without one is checked below. */
interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly restart?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const root = path.resolve(__dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));
const dockerfile = read('Dockerfile');
const isFile = (volume: string): boolean => volume.startsWith('./');

test('the stack is PostgreSQL, the Temporal server with its set-up, its Web UI and the worker', () => {
  expect(Object.keys(compose.services)).toEqual([
    ...['postgres', 'temporal-database', 'temporal', 'temporal-namespace', 'temporal-ui', 'worker'],
  ]);
});

test.each([
  ...services.flatMap(({ image }) => (image ? [{ image }] : [])),
  ...[...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => ({ image: image! })),
])('image $image is pinned to a full version', ({ image }) => {
  expect(image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?[\w.-]*$/);
});

test.each(services)('$name: what runs on is restarted and has a health check; what sets up ends', (service) => {
  const setsUp = services.some(
    ({ depends_on }) => depends_on?.[service.name]?.condition === 'service_completed_successfully',
  );
  expect({ restart: service.restart, checked: service.healthcheck !== undefined }).toEqual(
    setsUp ? { restart: undefined, checked: false } : { restart: 'unless-stopped', checked: true },
  );
});

test.each(services)('$name waits for services that exist, by a condition that they can meet', ({ depends_on = {} }) => {
  for (const [name, { condition }] of Object.entries(depends_on)) {
    const healthy = compose.services[name]?.healthcheck !== undefined;
    expect([name, condition]).toEqual([name, healthy ? 'service_healthy' : 'service_completed_successfully']);
  }
});

test.each(services)(
  '$name shares a network with each service that it names',
  ({ networks, environment = {}, depends_on = {} }) => {
    const named = Object.keys(compose.services).filter((other) =>
      Object.values(environment).some((value) => value.split(':')[0] === other),
    );
    for (const other of named) {
      expect(compose.services[other]!.networks.filter((network) => networks.includes(network))).not.toEqual([]);
    }
    for (const network of networks) expect(Object.keys(compose.networks)).toContain(network);
    expect(Object.keys(depends_on).every((other) => other in compose.services)).toBe(true);
  },
);

test('the database is on an internal network, published nowhere, and not reached by the worker', () => {
  expect(compose.networks['database']).toEqual({ internal: true });
  expect(compose.services['postgres']).not.toHaveProperty('ports');
  expect(compose.services['worker']?.networks).not.toContain('database');
});

test.each(services.flatMap(({ name, ports = [] }) => ports.map((port) => ({ name, port }))))(
  '$name publishes $port on loopback only',
  ({ port }) => {
    expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  },
);

test.each(services.flatMap(({ name, volumes = [] }) => volumes.map((volume) => ({ name, volume }))))(
  '$name mounts $volume: a file of this repository, read only, or a declared volume',
  ({ volume }) => {
    const [source = '', , mode] = volume.split(':');
    if (isFile(volume)) {
      expect(existsSync(path.join(root, source))).toBe(true);
      expect(mode).toBe('ro');
    } else {
      expect(Object.keys(compose.volumes)).toContain(source);
    }
  },
);

test.each(services.flatMap(({ name, entrypoint }) => (entrypoint ? [{ name, script: entrypoint.at(-1)! }] : [])))(
  '$name runs $script, which it mounts',
  ({ name, script }) => {
    const mount = compose.services[name]?.volumes?.find((volume) => volume.split(':')[1] === script);
    expect(mount).toBeDefined();
    expect(statSync(path.join(root, mount!.split(':')[0]!)).mode & 0o111).not.toBe(0);
  },
);

test('no password is written anywhere: each is asked for, and the example leaves it open', () => {
  const passwords = services.flatMap(({ environment = {} }) =>
    Object.entries(environment).filter(([key]) => /PASSWORD|PWD|SECRET|KEY/.test(key)),
  );
  expect(passwords.map(([, value]) => value)).toEqual(Array(3).fill('${POSTGRES_PASSWORD:?set it in .env}'));
  expect(read('.env.example')).toMatch(/^POSTGRES_PASSWORD=$/m);
  expect(read('.gitignore').split('\n')).toContain('.env');
  expect(read('.dockerignore').split('\n')).toContain('.env');
});

test('every variable that the stack takes from .env is in the example', () => {
  const taken = new Set([...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!));
  const example = read('.env.example');
  expect([...taken].filter((name) => !new RegExp(`^(# )?${name}=`, 'm').test(example))).toEqual([]);
});

test('the server reads the poll rates of the development server from the mounted dynamic configuration', () => {
  const { environment, volumes } = compose.services['temporal']!;
  const mount = volumes!.find((volume) => volume.split(':')[1] === environment!['DYNAMIC_CONFIG_FILE_PATH'])!;
  const values = parse(read(mount.split(':')[0]!)) as Record<string, readonly { readonly value: number }[]>;
  expect(values).toEqual(Object.fromEntries(Object.entries(pollRates).map(([key, value]) => [key, [{ value }]])));
});

test('the worker runs a command of the CLI, as another user than root, and has time to end', () => {
  const [program] = [...dockerfile.matchAll(/^ENTRYPOINT \["node", "(.+)"\]$/gm)].map(([, file]) => file);
  expect(program).toBe(bin.switchback);
  expect(existsSync(path.join(root, bin.switchback))).toBe(true);
  expect(compose.services['worker']?.command).toEqual(['worker']);
  expect(read('cli/commands/programs.ts')).toContain("'worker'");
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(parseInt(compose.services['worker']!.stop_grace_period!, 10)).toBeGreaterThan(10);
});

test('the health check of the worker is a program of the image', () => {
  const file = compose.services['worker']?.healthcheck?.test.at(-1) ?? '';
  expect(existsSync(path.join(root, file))).toBe(true);
  expect(dockerfile).toContain(`COPY ${path.dirname(file)} `);
});

test('what the image copies exists, and is not kept out of the build', () => {
  const ignored = read('.dockerignore').split('\n');
  const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => names!.split(' '));
  expect(sources.length).toBeGreaterThan(10);
  expect(sources.filter((name) => !existsSync(path.join(root, name)) || ignored.includes(name))).toEqual([]);
});
