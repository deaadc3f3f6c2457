import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type Change,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import type { Route53Provider, TrafficSpec } from '../../../core/model/traffic';
import { createRoute53Traffic } from '../../../drivers/route53/route53-traffic';
import type { TrafficDriver } from '../../../drivers/ports';
import type { FoundMoto } from '../../../lab/route53/install-moto';
import { startMoto, type RunningMoto } from '../../../lab/route53/start-moto';
import { labCredentials } from '../../../lab/route53/route53-settings';
import { startNameServer, type RunningNameServer } from '../../../lab/route53/start-name-server';

export const zoneId = 'Z0SWITCHBACKLAB';
export const zoneName = 'example.test';

/** The Python with moto that was found before the first test; undefined: there is none, and the tests that need it are not there. */
function motoPython(): string | undefined {
  const found = JSON.parse(process.env['TEST_MOTO'] ?? '{"kind":"missing"}') as FoundMoto;
  return found.kind === 'python' ? found.path : undefined;
}

/** The tests of a file, when moto is there; else one that says why they are not. */
export function describeRoute53(name: string, tests: (python: string) => void): void {
  const python = motoPython();
  if (python === undefined) {
    test(`${name}: left out, there is no moto on this machine`, () =>
      expect(process.env['TEST_MOTO']).toMatch(/missing/));
  } else {
    describe(name, () => tests(python));
  }
}

/** moto, and a name server that answers from what it holds. */
export class Route53Lab {
  private constructor(
    private readonly python: string,
    private readonly folder: string,
    private moto: RunningMoto,
    private readonly names: RunningNameServer,
    readonly client: Route53Client,
  ) {}

  static async open(python: string): Promise<Route53Lab> {
    const folder = mkdtempSync(path.join(tmpdir(), 'switchback-route53-'));
    const moto = await startMoto({ python, folder, zones: { [zoneId]: zoneName } });
    const { endpoint } = moto;
    const names = await startNameServer({ stateFile: moto.stateFile });
    const client = new Route53Client({ endpoint, region: 'us-east-1', credentials: labCredentials });
    return new Route53Lab(python, folder, moto, names, client);
  }

  get endpoint(): string {
    return this.moto.endpoint;
  }

  /** "127.0.0.1:5353" */
  get nameServer(): string {
    return `127.0.0.1:${this.names.port}`;
  }

  /** A record of type A in the zone, asked for at the name server of the lab. */
  record(name: string, provider: Partial<Route53Provider> = {}, more: Partial<TrafficSpec> = {}): TrafficSpec {
    const asked = { nameServers: [this.nameServer], resolver: this.nameServer };
    const values = { primary: ['192.0.2.1'], recovery: ['192.0.2.2'] };
    return {
      ...{ name, type: 'A', ttlSeconds: 60, moveTtlSeconds: 5, values },
      ...more,
      provider: { driver: 'route53', hostedZoneId: zoneId, ...asked, ...provider },
    };
  }

  get pid(): number {
    return this.moto.pid;
  }

  async kill9(): Promise<void> {
    await this.moto.kill9();
  }

  /** On the same port, with what it had answered. */
  async restart(): Promise<void> {
    const { python, folder } = this;
    this.moto = await startMoto({ python, folder, zones: { [zoneId]: zoneName }, port: this.moto.port });
  }

  async create(...sets: readonly ResourceRecordSet[]): Promise<void> {
    await this.change(sets.map((set) => ({ Action: 'CREATE', ResourceRecordSet: set })));
  }

  async change(Changes: Change[]): Promise<void> {
    const ChangeBatch = { Changes };
    await this.client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch }));
  }

  /** Somebody else gives a record other values, as by hand. */
  async changeBehind(name: string, values: readonly string[]): Promise<void> {
    const before = (await this.sets(name)).find(({ Type }) => Type !== 'TXT');
    if (before === undefined) throw new Error(`there is no record ${name}`);
    const after = { ...before, ResourceRecords: values.map((Value) => ({ Value })) };
    await this.change([{ Action: 'UPSERT', ResourceRecordSet: after }]);
  }

  /** The record sets that moto holds now, without those of the zone itself; of one name, or all. */
  async sets(name?: string): Promise<readonly ResourceRecordSet[]> {
    const answer = await this.client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    return (answer.ResourceRecordSets ?? []).filter(
      ({ Name, Type }) => Type !== 'NS' && Type !== 'SOA' && (name === undefined || Name === `${name}.`),
    );
  }

  async close(): Promise<void> {
    this.names.close();
    this.client.destroy();
    await this.moto.stop();
    rmSync(this.folder, { recursive: true });
  }
}

export const recordSet = (
  Name: string,
  values: readonly string[],
  more: Partial<ResourceRecordSet> = {},
): ResourceRecordSet => ({ Name, Type: 'A', TTL: 60, ResourceRecords: values.map((Value) => ({ Value })), ...more });

/** The driver of a worker that is told to use this endpoint. The SDK finds the credentials in the environment. */
export function driverAt(endpoint: string): TrafficDriver {
  process.env['AWS_ACCESS_KEY_ID'] = labCredentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = labCredentials.secretAccessKey;
  return createRoute53Traffic({ endpoint });
}
