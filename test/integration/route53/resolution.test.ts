import type { TrafficDriver } from '../../../drivers/ports';
import { quietly } from '../../contract/contract';
import { describeRoute53, driverAt, recordSet, Route53Lab } from './route53-lab';

describeRoute53('what is seen of records in Route 53 from outside', (python) => {
  let lab: Route53Lab;
  let driver: TrafficDriver;

  beforeAll(async () => {
    lab = await Route53Lab.open(python);
    driver = driverAt(lab.endpoint);
  });
  afterAll(async () => lab.close());

  test('name servers that do not agree give no values, and each is named with its answer', async () => {
    const record = lab.record('split.example.test');
    await lab.create(recordSet(record.name, ['192.0.2.2']));
    const other = await Route53Lab.open(python);
    try {
      const split = lab.record(record.name, { nameServers: [lab.nameServer, other.nameServer] });
      expect(await driver.resolve(split, quietly())).toMatchObject({
        values: [],
        disagreement: [
          { server: `${lab.nameServer} (authoritative)`, values: ['192.0.2.2'] },
          { server: `${other.nameServer} (authoritative)`, values: [] },
          { server: `${lab.nameServer} (resolver)`, values: ['192.0.2.2'] },
        ],
      });
    } finally {
      await other.close();
    }
  });

  test('a silent name server among others is no reason to know nothing; a silent resolver is', async () => {
    const name = 'silent.example.test';
    await lab.create(recordSet(name, ['192.0.2.2']));
    const one = lab.record(name, { nameServers: ['127.0.0.1:1', lab.nameServer] });
    expect(await driver.resolve(one, quietly())).toMatchObject({ values: ['192.0.2.2'] });
    const deaf = lab.record(name, { resolver: '127.0.0.1:1' });
    await expect(driver.resolve(deaf, quietly())).rejects.toMatchObject({ code: 'SiteUnreachable' });
  });
});
