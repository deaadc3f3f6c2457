import { DeleteHostedZoneCommand, CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startLocalLab, type LocalLab } from '../readiness/local-lab';
import { MotoIam } from './moto-iam';
import { recordSet, Route53Lab, zoneId, zoneName } from './route53-lab';

/** The local sites of the shop, whose name is in a hosted zone, and a worker that may do there what its policy says. */
export interface Route53DriftLab {
  readonly shop: LocalLab;
  readonly route53: Route53Lab;
  readonly iam: MotoIam;
  /** Of the default profile: each file is one that the SDK has not read before. Returns what makes it as it was. */
  credentialProcess(script: string): Promise<() => Promise<void>>;
  tearDown(): Promise<void>;
}

export const recordName = 'shop.example.test';
export const worker = 'worker';
/** All that a look needs of the policy in deploy/aws. */
export const lookAt = ['route53:ListResourceRecordSets'];

export async function startRoute53DriftLab(python: string): Promise<Route53DriftLab> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-route53-drifts-'));
  const route53 = await Route53Lab.open(python);
  await route53.create(recordSet(recordName, ['127.0.1.1'], { TTL: 5 }));
  const iam = new MotoIam(route53.endpoint);
  const { accessKeyId, secretAccessKey } = await iam.user(worker);
  await iam.allow(worker, lookAt);
  const unset = variables({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  const server = route53.nameServer;
  const provider = `{ driver: route53, hostedZoneId: ${zoneId}, nameServers: ['${server}'], resolver: '${server}' }`;
  const traffic = `traffic:\n  - { name: ${recordName}, ttl: 5s, moveTtl: 1s, provider: ${provider} }\n`;
  const shop = await startLocalLab({
    editRunbook: (yaml) => yaml.replace(/^traffic:[^]*?(?=^integrity:)/m, () => traffic),
    env: { SWITCHBACK_ROUTE53_ENDPOINT: route53.endpoint },
  });
  let programs = 0;
  return {
    shop,
    route53,
    iam,
    credentialProcess: async (script) => {
      programs += 1;
      const [program, config] = [path.join(folder, `give-${programs}`), path.join(folder, `config-${programs}`)];
      await writeFile(program, script);
      await writeFile(config, `[default]\ncredential_process = /bin/sh ${program}\n`);
      const others = { AWS_EC2_METADATA_DISABLED: 'true', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
      const key = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
      return variables({ ...others, ...key, AWS_CONFIG_FILE: config });
    },
    tearDown: async () => {
      await shop.tearDown();
      await route53.close();
      await unset();
      await rm(folder, { recursive: true });
    },
  };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Those of the worker, which is a part of this process. Returns what makes them as they were. */
export function variables(values: Variables): () => Promise<void> {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  setAll(values);
  return () => Promise.resolve(setAll(before));
}

function setAll(values: Variables): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** The service lets only an empty zone be deleted. Returns what makes it anew, with the records that it had. */
export async function deleteZone(route53: Route53Lab): Promise<() => Promise<void>> {
  const sets = await route53.sets();
  await route53.change(sets.map((ResourceRecordSet) => ({ Action: 'DELETE', ResourceRecordSet })));
  await route53.client.send(new DeleteHostedZoneCommand({ Id: zoneId }));
  const anew = { Name: `${zoneName}.`, CallerReference: `id=${zoneId}` };
  return async () => {
    await route53.client.send(new CreateHostedZoneCommand(anew));
    await route53.create(...sets);
  };
}
