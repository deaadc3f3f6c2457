import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand, type Outcome } from '../unit/cli/run-command';
import { makeNamespace, podTemplate } from './lab/objects';
import { startRunLab, type RunLab } from './lab/run-lab';
import { makeOddities } from './huts/oddities';
import { startHutsLab, type HutsLab } from './huts/huts-lab';
import { watchNamespace, type Happening, type NamespaceWatch } from './huts/watch-namespace';

let lab: HutsLab;
beforeAll(async () => void (lab = await startHutsLab()));
afterAll(async () => lab.tearDown());

const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

interface Drafted {
  readonly runbook: string;
  readonly workloads: readonly {
    readonly name: string;
    readonly priority: number;
    readonly dependsOn?: readonly string[];
    readonly kubernetes: { readonly kind: string; readonly replicas?: number };
    readonly checks?: readonly object[];
  }[];
}

/** As a person would run it, with the kubeconfig of both clusters. */
const init = async (...args: readonly string[]): Promise<Outcome> =>
  runCommand(['init', '--kubeconfig', lab.kubeconfig, ...args], env);

const drafted = async (...args: readonly string[]): Promise<Drafted> =>
  JSON.parse((await init(...args, '--json')).out) as Drafted;

describe('switchback init', () => {
  test.each([
    ['a context that there is not', ['--context', 'gamma'], 3, 'no context "gamma": it has "alpha", "beta"'],
    ['a standby that there is not', ['--to-context', 'gamma'], 3, 'choose one of them with --to-context'],
    ['the site itself as its standby', ['--context', 'beta', '--to-context', 'beta'], 3, 'name the other site'],
    ['a group that is no name', ['--group', 'Huts of us'], 3, 'write "huts-of-us"'],
  ])('%s', async (_title, args, code, says) => {
    const outcome = await init('--from-namespace', 'huts', ...args);
    expect(outcome).toMatchObject({ code, out: '', notes: expect.stringContaining(says) });
  });

  test('a namespace that there is not, and one with nothing in it', async () => {
    await makeNamespace(lab.clusters.alpha.client, 'empty');
    const missing = await init('--from-namespace', 'hats', '--context', 'alpha');
    expect(missing).toMatchObject({ code: 3, out: '', notes: expect.stringContaining('has no namespace "hats"') });
    const empty = await init('--from-namespace', 'empty', '--context', 'alpha');
    expect(empty).toMatchObject({ code: 3, out: '', notes: expect.stringContaining('has no Deployment') });
  });

  test('a user who may not look is told what is missing, all at once, and how to get it', async () => {
    const file = path.join(lab.clusters.folder, 'worker-kubeconfig');
    const { code, notes } = await runCommand(
      ['init', '--from-namespace', 'huts', '--kubeconfig', file, '--context', 'beta'],
      env,
    );
    expect(code).toBe(1);
    expect(notes).toContain(
      'NamespaceUnreadable: the user of the context "beta" may not list deployments, statefulsets,',
    );
    expect(notes).toContain('kubectl create rolebinding switchback-init --clusterrole=view');
  });

  test('a cluster that does not answer', async () => {
    lab.clusters.gates.alpha.close();
    const { code, notes } = await init('--from-namespace', 'huts', '--context', 'alpha');
    lab.clusters.gates.alpha.open();
    expect(code).toBe(1);
    expect(notes).toContain('NamespaceUnreadable: the cluster of the context "alpha" does not answer: ');
    expect(notes).toContain('Check the network');
  });

  test.each([
    [
      'credentials that have expired',
      '"token": "expired"',
      'answered 401 Unauthorized: Unauthorized. Log in to it again',
    ],
    [
      'a plug-in that is not there',
      '"exec": { "apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-plug-in" }',
      'the context "alpha" cannot be used: spawn no-such-plug-in ENOENT. Mend it in the kubeconfig',
    ],
  ])('%s', async (_title, user, says) => {
    const file = path.join(lab.home, 'refused');
    await writeFile(file, (await readFile(lab.kubeconfig, 'utf8')).replace(/"token": .*/g, user));
    const args = ['init', '--from-namespace', 'huts', '--kubeconfig', file, '--context', 'alpha'];
    expect(await runCommand(args, env)).toMatchObject({ code: 1, out: '', notes: expect.stringContaining(says) });
  });

  test.each([
    ['a kubeconfig that is none', 'contexts: [', 'cannot be read: '],
    ['a kubeconfig without contexts', 'contexts: []', 'says no current context; it has none; choose one'],
  ])('%s', async (_title, text, says) => {
    const file = path.join(lab.home, 'broken');
    await writeFile(file, text);
    const outcome = await runCommand(['init', '--from-namespace', 'huts', '--kubeconfig', file], env);
    expect(outcome).toMatchObject({ code: 3, out: '', notes: expect.stringContaining(`broken ${says}`) });
  });

  test('what is there already is not written over without --force', async () => {
    const file = path.join(lab.home, 'mine.yaml');
    await writeFile(file, 'mine');
    const args = ['--from-namespace', 'huts', '--context', 'alpha', '--out', file];
    expect(await init(...args)).toMatchObject({ code: 3, notes: expect.stringContaining('--force writes over it') });
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(await init(...args, '--force')).toMatchObject({ code: 0, out: '' });
    const { out } = await init('--from-namespace', 'huts', '--context', 'alpha');
    expect(await readFile(file, 'utf8')).toBe(`${out}\n`);
    expect(out).toContain('\nswitchback: 1\n');
  });

  test('reads objects as they are: owners, stopped ones, volumes, files, probes, an Ingress', async () => {
    await makeOddities(lab.clusters.alpha.client, 'odd');
    const { runbook, workloads } = await drafted('--from-namespace', 'odd', '--context', 'alpha');
    const unwrapped = runbook.replace(/\n *# {3}/g, ' ');
    expect(workloads.map(({ name, kubernetes, dependsOn }) => ({ ...kubernetes, name, dependsOn }))).toEqual([
      { kind: 'Deployment', name: 'stopped', replicas: 4, dependsOn: undefined },
      { kind: 'Deployment', name: 'switched-off', replicas: 0, dependsOn: undefined },
      { kind: 'StatefulSet', name: 'store', replicas: 1, dependsOn: undefined },
      { kind: 'DaemonSet', name: 'agent', dependsOn: undefined },
      { kind: 'Deployment', name: 'site', replicas: 2, dependsOn: ['store'] },
      { kind: 'CronJob', name: 'paused', replicas: 0, dependsOn: undefined },
    ]);
    for (const says of [
      'Site/main makes this Deployment',
      'store: an argument of the container wait names the Service store',
      'the Ingress site leads here; it speaks TLS',
      'the address that the status of the Ingress site tells',
      '- old-data: 1Gi, storage class none',
      '- odd.example.test',
    ])
      expect(unwrapped).toContain(says);
    expect(unwrapped.split('it is switched off, and a run leaves it so').length - 1).toBe(2);
  });

  test('finds what depends on what, and says so of each', async () => {
    const { workloads, runbook } = await drafted('--from-namespace', 'huts', '--context', 'alpha');
    expect(Object.fromEntries(workloads.map(({ name, dependsOn = [] }) => [name, [...dependsOn].sort()]))).toEqual({
      web: ['gateway', 'images'],
      gateway: ['bookings', 'catalog', 'guests', 'search'],
      images: [],
      catalog: ['cache', 'records'],
      search: ['catalog'],
      bookings: ['broker', 'guests', 'payments'],
      guests: ['cache', 'records'],
      payments: ['records'],
      weather: ['cache'],
      notifications: ['broker', 'mailer'],
      mailer: [],
      broker: [],
      records: [],
      cache: [],
      invoices: ['mailer', 'payments'],
    });
    const unwrapped = runbook.replace(/\n +# {3}/g, ' ');
    expect(runbook).toContain('review: gateway: the variable GATEWAY_URL names the Service gateway');
    expect(unwrapped).toContain('left out, as it closes the circle images -> web -> images');
    expect(unwrapped).toContain('left out, as it closes the circle payments -> bookings -> payments');
    expect(unwrapped).toContain('Secret mail-account was not read');
    expect(runbook).not.toMatch(/nobody's business|smtp/);
    expect(runbook).toContain('which context of the kubeconfig is the other cluster?');
  });
});

describe('an application of a namespace, with the runbook that init wrote and nothing else', () => {
  let runs: RunLab;
  let huts: Drafted;
  let watches: Readonly<Record<'alpha' | 'beta', NamespaceWatch>>;
  /** Apps that began at one site while they ran at the other. */
  const overlaps: string[] = [];

  beforeAll(async () => {
    const file = path.join(lab.home, 'runbooks', 'huts.yaml');
    const args = ['--from-namespace', 'huts', '--context', 'alpha', '--to-context', 'beta'];
    huts = await drafted(...args, '--out', file);
    expect(await runCommand(['validate', file])).toMatchObject({ code: 0 });
    runs = await startRunLab({ home: lab.home, kubeconfigFolder: lab.clusters.folder, runbook: 'huts' });
    const { alpha, beta } = lab.clusters;
    const watched: Partial<Record<'alpha' | 'beta', NamespaceWatch>> = {};
    const watch = async (site: 'alpha' | 'beta', other: 'alpha' | 'beta'): Promise<NamespaceWatch> =>
      watchNamespace({ alpha, beta }[site], lab.namespace, (app) => {
        if (watched[other]?.isRunning(app)) overlaps.push(`${app} began at ${site} while it ran at ${other}`);
      });
    watched.alpha = await watch('alpha', 'beta');
    watched.beta = await watch('beta', 'alpha');
    watches = { alpha: watched.alpha, beta: watched.beta };
    await until(() => same(watches.alpha.ready(), everything()));
  });
  afterAll(async () => {
    await runs.tearDown();
    await Promise.all([watches.alpha.stop(), watches.beta.stop()]);
  });

  /** As many as were there before anything was done. */
  const everything = (): Record<string, number> =>
    Object.fromEntries(huts.workloads.map(({ name, kubernetes }) => [name, kubernetes.replicas ?? 1]));

  /** Each began after as many of all that it depends on were Ready as there are. */
  const tooEarly = (happenings: readonly Happening[]): readonly string[] =>
    huts.workloads.flatMap(({ name, dependsOn = [] }) => {
      const began = happenings.findIndex(({ what, app }) => what === 'began' && app === name);
      const before = happenings.slice(0, began).filter(({ what }) => what === 'ready');
      return dependsOn
        .filter((one) => before.filter(({ app }) => app === one).length < (everything()[one] ?? 0))
        .map((one) => `${name} began before ${one} was up`);
    });

  /** Nothing was asked to end before all that depends on it was gone. */
  const tooLate = (happenings: readonly Happening[]): readonly string[] =>
    huts.workloads.flatMap(({ name, dependsOn = [] }) => {
      const gone = happenings.map(({ what, app }) => what === 'gone' && app === name).lastIndexOf(true);
      return dependsOn
        .filter((one) => happenings.slice(0, gone).some(({ what, app }) => what === 'asked to end' && app === one))
        .map((one) => `${one} was stopped before ${name} was gone`);
    });

  async function move(operation: string, from: NamespaceWatch, to: NamespaceWatch): Promise<void> {
    const [left, came] = [from.happenings.length, to.happenings.length];
    await runs.complete(operation);
    await until(() => same(to.ready(), everything()) && same(from.ready(), {}));
    expect(tooLate(from.happenings.slice(left))).toEqual([]);
    expect(tooEarly(to.happenings.slice(came))).toEqual([]);
    expect(overlaps).toEqual([]);
  }

  test('the runbook knows all of it, and the address and checks of both sites', async () => {
    const kinds = huts.workloads.map(({ kubernetes: { kind } }) => kind).sort();
    expect(kinds).toEqual(['CronJob', ...Array.from({ length: 13 }, () => 'Deployment'), 'StatefulSet']);
    const checks = huts.workloads.flatMap(({ name, checks: all = [] }) => all.map((check) => ({ name, check })));
    expect(checks).toEqual(
      (['gateway', 'web'] as const).map((name) => ({
        name,
        check: expect.objectContaining({
          http: { port: lab.ports[name], path: name === 'web' ? '/ready' : '/gateway/ready' },
        }),
      })),
    );
    for (const address of ['127.0.1.1', '127.0.2.1']) expect(huts.runbook).toContain(`address: ${address}`);
  });

  test('fails over', async () => {
    await move('failover', watches.alpha, watches.beta);
    expect(await runs.state()).toMatchObject({ phase: 'FailedOver', activeSite: 'recovery' });
  });

  test('is reprotected, and fails back to where it was, as many as there were', async () => {
    await runs.complete('reprotect');
    expect(watches.beta.ready()).toEqual(everything());
    await move('failback', watches.beta, watches.alpha);
    expect(await runs.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  });

  test('and had anything run at both sites, it would have been seen', async () => {
    const { metadata, spec } = podTemplate('cache') as { metadata: object; spec: object };
    const stray = { metadata: { ...metadata, name: 'stray' }, spec };
    await lab.clusters.beta.client.create('/api/v1/namespaces/huts/pods', stray);
    await until(() => overlaps.length > 0);
    expect(overlaps).toEqual(['cache began at beta while it ran at alpha']);
  });
});

const same = (one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([app, count]) => other[app] === count);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
