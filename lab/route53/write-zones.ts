import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  NoSuchHostedZone,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { firstZones, type FirstZone } from './first-zones';
import { labRunbook, type LabRunbook } from './lab-runbook';
import { labCredentials } from './route53-settings';

interface ZonesOptions {
  /** That of the lab; the runbooks go into its folder `runbooks`. */
  readonly folder: string;
  readonly endpoint: string;
  /** "127.0.0.1:5353" */
  readonly nameServer: string;
  readonly runbooks: readonly LabRunbook[];
}

export const runbooksIn = (folder: string): string => path.join(folder, 'runbooks');

/**
 * The hosted zones that the runbooks name, with their records leading to the primary site, and the runbooks led to the name server.
 * What an earlier lab or a run has left in a zone stays as it is.
 */
export async function writeZones({
  folder,
  endpoint,
  nameServer,
  runbooks,
}: ZonesOptions): Promise<readonly FirstZone[]> {
  const zones = firstZones(runbooks.map(({ runbook }) => runbook));
  const client = new Route53Client({ endpoint, region: 'us-east-1', credentials: labCredentials });
  try {
    for (const zone of zones) {
      await open(client, zone);
      await fill(client, zone);
    }
  } finally {
    client.destroy();
  }
  await mkdir(runbooksIn(folder), { recursive: true });
  for (const { fileName, text } of runbooks) {
    await writeFile(path.join(runbooksIn(folder), fileName), labRunbook(text, nameServer));
  }
  return zones;
}

/** With the id that the runbook names: `moto-server.py` takes it from the reference of the caller. */
async function open(client: Route53Client, { id, name }: FirstZone): Promise<void> {
  try {
    await client.send(new GetHostedZoneCommand({ Id: id }));
  } catch (error) {
    if (!(error instanceof NoSuchHostedZone)) throw error;
    await client.send(new CreateHostedZoneCommand({ Name: name, CallerReference: `id=${id}` }));
  }
}

async function fill(client: Route53Client, { id: HostedZoneId, sets }: FirstZone): Promise<void> {
  const { ResourceRecordSets = [] } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
  const there = new Set(ResourceRecordSets.map(({ Name }) => Name));
  const missing = sets.filter(({ Name }) => !there.has(`${Name}.`));
  if (missing.length === 0) return;
  const Changes = missing.map((ResourceRecordSet) => ({ Action: 'CREATE', ResourceRecordSet }) as const);
  await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
}
