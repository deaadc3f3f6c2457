import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { Runbook } from '../../core/model/runbook';
import { SiteFolder } from '../../drivers/local/site-folder';
import { firstZones, type FirstZone } from './first-zones';
import { labRunbook } from './lab-runbook';
import { startMoto } from './start-moto';
import { labCredentials, startNameServer } from './start-name-server';

export interface LabRunbook {
  /** "shop.yaml" */
  readonly fileName: string;
  readonly text: string;
  readonly runbook: Runbook;
}

interface LabOptions {
  /** A Python that has moto. */
  readonly python: string;
  /** Record sets are kept in it, so that the next lab goes on with them, and the runbooks as the lab needs them. */
  readonly folder: string;
  readonly runbooks: readonly LabRunbook[];
}

export interface RunningLab {
  readonly nameServer: string;
  /** What a worker has to be told. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** moto with the hosted zones of the runbooks, a name server that answers from it, and the runbooks led to both. */
export async function startLab({ python, folder, runbooks }: LabOptions): Promise<RunningLab> {
  const zones = firstZones(runbooks.map(({ runbook }) => runbook));
  const named = Object.fromEntries(zones.map(({ id, name }) => [id, name]));
  const moto = await startMoto({ python, folder: path.join(folder, 'moto'), zones: named });
  const { endpoint } = moto;
  const client = new Route53Client({ endpoint, region: 'us-east-1', credentials: labCredentials });
  for (const zone of zones) await fill(client, zone);
  client.destroy();
  const names = await startNameServer({ stateFile: moto.stateFile });
  const nameServer = `127.0.0.1:${names.port}`;
  const [home, runbookFolder] = [path.join(folder, 'home'), path.join(folder, 'runbooks')];
  for (const { runbook } of runbooks) await openSites(runbook, home);
  await mkdir(runbookFolder, { recursive: true });
  for (const { fileName, text } of runbooks) {
    await writeFile(path.join(runbookFolder, fileName), labRunbook(text, nameServer));
  }
  return {
    nameServer,
    env: {
      SWITCHBACK_ROUTE53_ENDPOINT: endpoint,
      SWITCHBACK_RUNBOOKS: runbookFolder,
      SWITCHBACK_HOME: home,
      AWS_ACCESS_KEY_ID: labCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: labCredentials.secretAccessKey,
    },
    stop: async () => {
      names.close();
      await moto.stop();
    },
  };
}

/** A local site whose folder is missing does not answer. */
async function openSites({ sites }: Runbook, home: string): Promise<void> {
  for (const site of [sites.primary, sites.recovery]) {
    if (site.driver === 'local') await mkdir(new SiteFolder(path.join(home, 'lab'), site).root, { recursive: true });
  }
}

/** What an earlier lab has left in the zone stays as it is. */
async function fill(client: Route53Client, { id: HostedZoneId, sets }: FirstZone): Promise<void> {
  const { ResourceRecordSets = [] } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
  const there = new Set(ResourceRecordSets.map(({ Name }) => Name));
  const missing = sets.filter(({ Name }) => !there.has(`${Name}.`));
  if (missing.length === 0) return;
  const Changes = missing.map((ResourceRecordSet) => ({ Action: 'CREATE', ResourceRecordSet }) as const);
  await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
}
