import '../patience';
import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { paperOf } from '../../../cli/paper-of';
import type { Operation } from '../../../core/model/operation';
import { readLabRunbook } from '../../../lab/route53/lab-runbook';
import type { FoundPython } from '../../../lab/route53/python-package';
import { labCredentials } from '../../../lab/route53/route53-settings';
import { startLab } from '../../../lab/route53/start-lab';
import { localDrivers } from '../../../workers/local-drivers';
import { readSettings } from '../../../workers/settings';
import { freePort } from '../../../workers/temporal-server/loopback-port';
import { Closing } from '../closing';
import { describeRoute53 } from '../route53/route53-lab';
import { paperReader } from './paper-reader';

const example = path.join(__dirname, '../../../runbooks/examples/route53.yaml');
const quiet = { signal: new AbortController().signal, progress: () => undefined };

const awsCli = JSON.parse(process.env['TEST_AWS_CLI'] ?? '{"kind":"missing"}') as FoundPython;

/** The example runbook at alpha, its records in moto, and a person with the command line of AWS. */
async function open(closing: Closing, moto: string, aws: string) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-route53-paper-'));
  closing.first(async () => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'route53.yaml');
  const quick = (await readFile(example, 'utf8'))
    .replaceAll('moveTtl: 5s', 'moveTtl: 1s')
    .replaceAll(' ttl: 60s', ' ttl: 2s')
    .replace('port: 7103', `port: ${await freePort()}`);
  await writeFile(file, quick);
  const starting = startLab({ python: moto, folder, runbooks: [await readLabRunbook(file)] });
  const [lab] = await closing.opened([starting], async (opened) => opened.stop());
  const { SWITCHBACK_RUNBOOKS: runbookFolder = '', SWITCHBACK_HOME: home = '' } = lab.env;
  const { runbook } = await readLabRunbook(path.join(runbookFolder, 'route53.yaml'));
  const { workload } = localDrivers(readSettings(lab.env, home)).sites.local;
  const [web] = runbook.workloads;
  if (web === undefined) throw new Error('the example has no workload');
  closing.first(async () => {
    const last = { group: runbook.group, operationKey: 'last', epoch: 1_000_000 };
    for (const site of Object.values(runbook.sites)) await workload.stop(site, web, last, quiet);
  });
  await workload.start(runbook.sites.primary, web, { group: runbook.group, operationKey: 'first', epoch: 1 }, quiet);
  const reader = await paperReader({
    env: {
      LAB: path.join(home, 'lab'),
      AWS_ENDPOINT_URL_ROUTE_53: lab.env['SWITCHBACK_ROUTE53_ENDPOINT'] ?? '',
      AWS_ACCESS_KEY_ID: labCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: labCredentials.secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_CONFIG_FILE: '/dev/null',
    },
    scripts: { aws: `#!/bin/sh\nexec '${aws}' -m awscli "$@"\n` },
  });
  closing.first(async () => rm(reader.folder, { recursive: true, force: true }));
  const resolver = new Resolver();
  resolver.setServers([lab.nameServer]);
  return {
    ...{ runbook, runbookFolder, reader },
    /** What customers are told. */
    answers: async () => ({
      simple: await resolver.resolve4('shop.example.com'),
      weighted: await resolver.resolveCname('api.example.com'),
      alias: await resolver.resolve4('static.example.com'),
      owner: await resolver.resolveTxt('_switchback.shop.example.com').catch(() => undefined),
    }),
  };
}

if (awsCli.kind === 'missing') {
  test('records in Route 53 are moved by hand: left out, there is no command line of AWS on this machine', () =>
    expect(awsCli.why).not.toBe(''));
} else {
  describeRoute53('records in Route 53 are moved by hand', (moto) => {
    const closing = new Closing();
    let lab: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => void (lab = await open(closing, moto, awsCli.path)));
    afterAll(async () => closing.close());

    async function byHand(operation: Operation): Promise<void> {
      const { runbook, runbookFolder, reader } = lab;
      await reader.follow(await paperOf(runbook, runbookFolder, { operation }));
    }

    test('there and home again by what the papers say: every kind of record, and whose it is', async () => {
      const home = await lab.answers();
      expect(home).toMatchObject({ simple: ['127.0.1.1'], weighted: ['alpha.example.com'], owner: undefined });
      await byHand('failover');
      const there = await lab.answers();
      expect(there).toMatchObject({
        simple: ['127.0.2.1'],
        weighted: ['beta.example.com'],
        owner: [['group=route53 epoch=1001']],
      });
      expect(there.alias).not.toEqual(home.alias);
      await byHand('reprotect');
      await byHand('failback');
      expect(await lab.answers()).toEqual({ ...home, owner: [['group=route53 epoch=2001']] });
    });
  });
}
