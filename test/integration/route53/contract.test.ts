import type { Route53Provider, TrafficSpec } from '../../../core/model/traffic';
import { quietly } from '../../contract/contract';
import { describeTrafficContract, type TrafficFixture } from '../../contract/traffic-contract';
import { StaleNameServer } from '../faults/stale-name-server';
import { describeRoute53, driverAt, recordSet, Route53Lab, zoneId } from './route53-lab';

describeRoute53('Route 53', (python) => {
  let lab: Route53Lab;
  let names = 0;

  beforeAll(async () => (lab = await Route53Lab.open(python)));
  afterAll(async () => lab.close());

  describeTrafficContract('Route 53', async (): Promise<TrafficFixture> => {
    const servers: StaleNameServer[] = [];
    const providerAt = (nameServer: string): Route53Provider => ({
      driver: 'route53',
      hostedZoneId: zoneId,
      nameServers: [nameServer],
      resolver: nameServer,
    });
    const newRecord = async (): Promise<TrafficSpec> => {
      const name = `contract-${(names += 1)}.example.test`;
      const values = { primary: ['192.0.2.1'], recovery: ['192.0.2.2'] };
      await lab.create(recordSet(name, values.primary));
      const ttls = { ttlSeconds: 60, moveTtlSeconds: 5 };
      return { name, type: 'A', ...ttls, values, provider: providerAt(lab.nameServer) };
    };
    const record = await newRecord();
    let driver = driverAt(lab.endpoint);
    return {
      group: 'shop',
      get driver() {
        return driver;
      },
      record,
      another: newRecord,
      state: async () => lab.sets(),
      changeBehind: async (values) => lab.changeBehind(record.name, values),
      servedStale: async () => {
        const server = await StaleNameServer.open();
        servers.push(server);
        server.follow(Number(lab.nameServer.split(':').at(-1)));
        const stale = { ...record, provider: providerAt(`127.0.0.1:${server.port}`) };
        await driver.resolve(stale, quietly());
        server.stale = true;
        return stale;
      },
      unreachable: async () => {
        driver = driverAt('http://127.0.0.1:1');
        return { ...record, provider: providerAt('127.0.0.1:1') };
      },
      tearDown: async () => servers.forEach((server) => server.close()),
    };
  });
});
