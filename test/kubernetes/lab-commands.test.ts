import { spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { findBinaries } from '../../lab/kubernetes/binaries/find-binaries';
import { adminClient } from '../../lab/kubernetes/cluster/admin-client';
import { clusterFolders } from '../../lab/kubernetes/start-clusters';
import { markedProcesses } from '../../lab/processes/marked-processes';
import { backgroundFolder } from '../../lab/route53/background';
import { describeRoute53 } from '../integration/route53/route53-lab';

const root = path.join(__dirname, '..', '..');
const program = ['--require', require.resolve('tsx/cjs'), path.join(root, 'lab/main.ts')];

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'switchback-lab-'));
  folder = path.join(parent, 'lab');
});
afterEach(() => {
  lab(['down']);
  rmSync(parent, { recursive: true, force: true });
});

/** As a person in a terminal. */
function lab(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const options = { cwd: root, env, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [...program, ...args, '--folder', folder], options);
}

const exported = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^export (\w+)=(\S+)/gm)].map(([, name = '', value = '']) => [name, value]));

const running = () => [...clusterFolders(folder), backgroundFolder(folder)].flatMap((each) => markedProcesses(each));

async function nodesOf(context: string, kubeconfig: string): Promise<number> {
  const client = adminClient(context, kubeconfig);
  const { items } = await client.get<{ items: unknown[] }>('/api/v1/nodes');
  client.close();
  return items.length;
}

function resolverOf(text: string): Resolver {
  const resolver = new Resolver({ timeout: 5_000 });
  resolver.setServers([/its name server is (\S+)/.exec(text)?.[1] ?? '']);
  return resolver;
}

describeRoute53('a lab that a person puts up', () => {
  test('has two clusters and Route 53; what is written in a zone resolves; down leaves nothing', async () => {
    const up = lab(['up', '--nodes', 'fake']);
    expect({ status: up.status, stderr: up.stderr }).toEqual({ status: 0, stderr: '' });
    const { KUBECONFIG = '', SWITCHBACK_ROUTE53_ENDPOINT: endpoint = '', ...credentials } = exported(up.stdout);
    expect(credentials).toEqual({ AWS_ACCESS_KEY_ID: 'lab', AWS_SECRET_ACCESS_KEY: 'lab' });
    expect(await Promise.all(['alpha', 'beta'].map((each) => nodesOf(each, KUBECONFIG)))).toEqual([2, 2]);

    const aws = new Route53Client({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
    });
    const made = await aws.send(new CreateHostedZoneCommand({ Name: 'example.test', CallerReference: 'mine' }));
    const set = { Name: 'shop.example.test', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.7' }] } as const;
    await aws.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: made.HostedZone?.Id,
        ChangeBatch: {
          Changes: [{ Action: 'CREATE', ResourceRecordSet: { ...set, ResourceRecords: [...set.ResourceRecords] } }],
        },
      }),
    );
    await expect(resolverOf(up.stdout).resolve4('shop.example.test')).resolves.toEqual(['192.0.2.7']);

    const zones = lab(['zones', 'runbooks/examples/route53.yaml']);
    expect(zones.stdout).toContain('hosted zone Z0123456789ABCDEFGHIJ of example.com: shop.example.com A');
    await expect(resolverOf(up.stdout).resolve4('shop.example.com')).resolves.toHaveLength(1);
    const { SWITCHBACK_RUNBOOKS = '' } = exported(zones.stdout);
    const runbook = readFileSync(path.join(SWITCHBACK_RUNBOOKS, 'route53.yaml'), 'utf8');
    expect(runbook).toContain(`resolver: ${/name server is (\S+)/.exec(up.stdout)?.[1]}`);
    expect(lab(['zones', 'runbooks/examples/route53.yaml']).status).toBe(0);

    const status = lab(['status']);
    expect(status.status).toBe(0);
    expect(status.stdout).toMatch(/^cluster alpha at \S+: 5 of 5 processes run, since /m);
    expect(status.stdout).toMatch(/^Route 53 at \S+: 2 of 2 processes run; /m);
    expect(exported(status.stdout)).toEqual(exported(up.stdout));
    expect(lab(['up']).stderr).toContain('already');

    const [first] = markedProcesses(backgroundFolder(folder));
    process.kill(first?.pid ?? 0, 'SIGKILL');
    const broken = lab(['status']);
    expect(broken.status).toBe(1);
    expect(broken.stdout).toMatch(/^Route 53 at \S+: 1 of 2 processes run; /m);

    expect(running()).not.toEqual([]);
    // Five a cluster, and what is left of Route 53; what those have started for a moment may be there as well.
    const [, ended] = /^the lab is down: (\d+) processes ended/.exec(lab(['down']).stdout) ?? [];
    expect(Number(ended)).toBeGreaterThanOrEqual(11);
    expect(running()).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });
});

test('without Python, which is said, there are the clusters alone', async () => {
  const { kwok } = await findBinaries({ say: () => undefined });
  const env = { PATH: parent, XDG_CACHE_HOME: path.join(parent, 'cache'), HOME: parent };
  const up = lab(['up'], { ...env, KUBEBUILDER_ASSETS: path.dirname(kwok) });
  expect({ status: up.status, stderr: up.stderr }).toEqual({ status: 0, stderr: '' });
  expect(up.stdout).toMatch(/^Route 53 is left out: no python3 of 3.10 or newer runs; install Python/m);
  expect(exported(up.stdout)).toEqual({ KUBECONFIG: path.join(folder, 'kubeconfig') });
  const status = lab(['status']);
  expect(status.status).toBe(0);
  expect(status.stdout).toMatch(/^Route 53 is left out: no python3 /m);
  const zones = lab(['zones', 'runbooks/examples/route53.yaml']);
  expect(zones.status).toBe(3);
  expect(zones.stderr).toMatch(/no python3 of 3.10 or newer runs/);
});
