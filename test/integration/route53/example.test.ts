import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { searchAttributes } from '../../../core/model/search-attributes';
import { endProcessesOf } from '../../../demo/stack/home-processes';
import { freePort } from '../../../workers/temporal-server/loopback-port';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer, type RunningServer } from '../../../workers/temporal-server/start-temporal-server';
import { runCommand } from '../../unit/cli/run-command';
import { until } from '../faults/until';
import { WorkerSupply } from '../faults/worker-process';
import { describeRoute53 } from './route53-lab';

jest.setTimeout(600_000);

const root = path.join(__dirname, '..', '..', '..');

/** As docs/how-to-use-route53.md tells a new user: the lab, a worker with what it prints, and the command line. */
describeRoute53('the example runbook of Route 53', () => {
  let folder: string;
  let lab: ChildProcess;
  let printed = '';
  let server: RunningServer;
  let workers: WorkerSupply;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-route53-example-'));
    const runbook = path.join(folder, 'route53.yaml');
    const example = readFileSync(path.join(root, 'runbooks/examples/route53.yaml'), 'utf8');
    const quick = example.replaceAll('moveTtl: 5s', 'moveTtl: 1s').replaceAll(' ttl: 60s', ' ttl: 2s');
    writeFileSync(runbook, quick.replace('port: 7103', `port: ${await freePort()}`));
    const program = ['--require', require.resolve('tsx/cjs'), path.join(root, 'lab/route53/main.ts')];
    lab = spawn(process.execPath, [...program, runbook, '--folder', path.join(folder, 'lab')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    lab.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
    await until('the lab is up', () => {
      if (lab.exitCode !== null) throw new Error(`it ended with ${lab.exitCode}: ${printed}`);
      return printed.includes('ctrl-c ends it');
    });
    const found = await findTemporalServer({ say: () => undefined, env: { ...process.env, TEMPORAL_ADDRESS: '' } });
    if (found.kind !== 'binary') throw new Error('this test needs a server of its own');
    const files = { dbFile: path.join(folder, 'temporal.db'), logFile: path.join(folder, 'temporal.log') };
    server = await startTemporalServer({ binary: found.path, ...files, searchAttributes, uiPort: false });
    workers = new WorkerSupply({ home: folder, env: { ...process.env, ...exported(), ...temporal() } });
    workers.start();
  });
  afterAll(async () => {
    await workers.close();
    await server.stop();
    // Asked to end, it ends what it has started.
    if (lab.kill('SIGINT')) await once(lab, 'exit');
    // What runs at the sites outlives worker and lab.
    await endProcessesOf(path.join(folder, 'lab', 'home'));
    rmSync(folder, { recursive: true, force: true });
  });

  const exported = (): Record<string, string> =>
    Object.fromEntries(
      [...printed.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
  const temporal = (): Record<string, string> => ({
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: 'default',
    SWITCHBACK_USER: 'ana@example.com',
  });

  /** What customers are told. */
  async function answers(): Promise<unknown> {
    const resolver = new Resolver();
    resolver.setServers([/name server is (\S+)\./.exec(printed)?.[1] ?? '']);
    return Promise.all([
      resolver.resolve4('shop.example.com'),
      resolver.resolveCname('api.example.com'),
      resolver.resolve4('static.example.com'),
    ]);
  }

  async function completes(...args: readonly string[]): Promise<void> {
    const run = await Promise.race([runCommand(['run', ...args, 'route53', '--wait'], temporal()), workers.failure]);
    expect({ code: run.code, notes: run.notes, out: run.out }).toMatchObject({ code: 0 });
  }

  test('all of its names go to the other site and come home; the lab ends when it is asked to', async () => {
    const home = [['127.0.1.1'], ['alpha.example.com'], ['127.0.1.1']];
    expect(await answers()).toEqual(home);
    await until(
      'the runbook is looked after',
      async () => (await runCommand(['status', 'route53'], temporal())).code === 0,
    );
    await completes('failover');
    expect(await answers()).toEqual([['127.0.2.1'], ['beta.example.com'], ['127.0.2.1']]);
    await completes('reprotect');
    await completes('failback');
    expect(await answers()).toEqual(home);
    const ended = once(lab, 'exit');
    lab.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });
});
