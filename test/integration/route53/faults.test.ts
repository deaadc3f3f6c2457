import type { TrafficSpec } from '../../../core/model/traffic';
import type { SwitchRequest, TrafficDriver } from '../../../drivers/ports';
import { outcomeOf, quietly, watched } from '../../contract/contract';
import { FaultyProxy, refusal } from './faulty-proxy';
import { describeRoute53, driverAt, recordSet, Route53Lab, zoneId } from './route53-lab';

const values = { primary: ['192.0.2.1'], recovery: ['192.0.2.2'] };

describeRoute53('Route 53 that does not do as it should', (python) => {
  let lab: Route53Lab;
  let proxy: FaultyProxy;
  let driver: TrafficDriver;
  let record: TrafficSpec;
  let records = 0;

  beforeAll(async () => {
    lab = await Route53Lab.open(python);
    proxy = await FaultyProxy.open(() => lab.endpoint);
  });
  beforeEach(async () => {
    const name = `fault-${(records += 1)}.example.test`;
    await lab.create(recordSet(name, values.primary));
    const provider = {
      driver: 'route53',
      hostedZoneId: zoneId,
      nameServers: [lab.nameServer],
      resolver: lab.nameServer,
    } as const;
    record = { name, type: 'A', ttlSeconds: 60, moveTtlSeconds: 5, values, provider };
    driver = driverAt(proxy.endpoint);
    proxy.clear();
  });
  afterAll(async () => {
    await proxy.close();
    await lab.close();
  });

  const move = (epoch: number, more: Partial<SwitchRequest> = {}): SwitchRequest => ({
    ...{ group: 'shop', operationKey: `run-${epoch}/switch`, epoch, record },
    ...{ expected: values.primary, next: values.recovery, ttlSeconds: 5, ...more },
  });
  const held = async (): Promise<readonly string[]> => (await driverAt(lab.endpoint).current(record, quietly())).values;

  test.each([
    ['Throttling', 400],
    ['PriorRequestNotComplete', 400],
    ['ServiceUnavailable', 503],
  ])('%s is met by trying again', async (code, status) => {
    proxy.inject('change', refusal(status, code, 'Rate exceeded'), 2);
    expect(await driver.switch(move(2), quietly())).toMatchObject({ values: values.recovery, epoch: 2 });
    expect(proxy.calls('change')).toHaveLength(3);
  });

  test.each([
    ['Throttling', 400, 'Throttled', 5],
    ['PriorRequestNotComplete', 400, 'Throttled', 5],
    ['ServiceUnavailable', 503, 'SiteUnreachable', 5],
    ['ExpiredToken', 403, 'AccessDenied', 1],
    ['NoSuchHostedZone', 404, 'InvalidInput', 1],
  ])('%s that does not pass is %s %s, after %s tries, with credentials masked', async (code, status, ours, tries) => {
    const said = 'AKIAIOSFODNN7EXAMPLE may not, aws_secret_access_key=wJalrXUtnFEMIKbPxRfiCYEXAMPLEKEY';
    proxy.inject('list', refusal(status, code, said), 20);
    const failure = driver.current(record, quietly());
    await expect(failure).rejects.toMatchObject({ code: ours, message: expect.stringContaining(code) as string });
    await expect(failure).rejects.not.toThrow(/AKIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI/);
    expect(proxy.calls('list')).toHaveLength(tries);
  });

  test('without any credentials nothing is asked, and it says so', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
    const shared = {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nowhere',
      AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    };
    Object.assign(process.env, shared);
    try {
      await expect(driver.current(record, quietly())).rejects.toMatchObject({ code: 'AccessDenied' });
      expect(proxy.requests).toEqual([]);
    } finally {
      for (const name of Object.keys(shared)) delete process.env[name];
      driverAt(proxy.endpoint);
    }
  });

  test('a change whose answer is lost is found done, and done once', async () => {
    proxy.inject('change', { kind: 'lose-answer' });
    expect(await driver.switch(move(2), quietly())).toMatchObject({ values: values.recovery, ttlSeconds: 5, epoch: 2 });
    expect(await held()).toEqual(values.recovery);
  });

  test('a change is done when every name server has it', async () => {
    proxy.inject('getChange', { kind: 'pending' }, 2);
    const context = watched();
    await driver.switch(move(2), context);
    expect(proxy.calls('getChange')).toHaveLength(3);
    expect(context.messages.map(({ doing }) => doing)).toContainEqual(expect.stringMatching(/^waiting until change/));
  });

  test('what somebody else changes between reading and writing is not overwritten', async () => {
    proxy.inject('change', { kind: 'before', run: () => lab.changeBehind(record.name, ['192.0.2.99']) });
    await expect(driver.switch(move(2), quietly())).rejects.toMatchObject({
      code: 'RecordChanged',
      message: expect.stringContaining('192.0.2.99') as string,
    });
    expect(await held()).toEqual(['192.0.2.99']);
  });

  test('a delayed writer finds the values that it expects again, and is refused by the owner (A-B-A)', async () => {
    const direct = driverAt(lab.endpoint);
    await direct.switch(move(1), quietly());
    await direct.switch(move(2, { expected: values.recovery, next: values.primary, ttlSeconds: 60 }), quietly());
    const run = async (): Promise<void> => {
      await direct.switch(move(4), quietly());
      await direct.switch(move(5, { expected: values.recovery, next: values.primary, ttlSeconds: 60 }), quietly());
    };
    proxy.inject('change', { kind: 'before', run });
    expect(await outcomeOf(driver.switch(move(3), quietly()))).toBe('StaleEpoch');
    expect(await direct.current(record, quietly())).toMatchObject({ values: values.primary, epoch: 5 });
  });

  test('a record that nobody had moved when it was read, and others have since, keeps its new owner', async () => {
    const direct = driverAt(lab.endpoint);
    const run = async (): Promise<void> => {
      await direct.switch(move(4), quietly());
      await direct.switch(move(5, { expected: values.recovery, next: values.primary, ttlSeconds: 60 }), quietly());
    };
    const before = await direct.current(record, quietly());
    proxy.inject('change', { kind: 'before', run });
    expect(await outcomeOf(driver.switch(move(3), quietly()))).toBe('StaleEpoch');
    expect(await direct.current(record, quietly())).toEqual({ ...before, epoch: 5 });
  });

  test('a batch that the service refuses for another reason is not tried for ever', async () => {
    const body =
      '<?xml version="1.0"?><InvalidChangeBatch xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Messages><Message>the health check is missing</Message></Messages><RequestId>test</RequestId></InvalidChangeBatch>';
    proxy.inject('change', { kind: 'answer', status: 400, body }, 20);
    await expect(driver.switch(move(2), quietly())).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(proxy.calls('change').length).toBeLessThanOrEqual(2);
  });

  test('a zone that several records are changed in gets one request for all of them', async () => {
    const other = { ...record, name: `other-${record.name}` };
    await lab.create(recordSet(other.name, values.primary));
    await driver.switchTogether([move(2), move(2, { record: other })], quietly());
    const [change, second] = proxy.calls('change');
    expect(second).toBeUndefined();
    expect(change?.body).toContain(record.name);
    expect(change?.body).toContain(other.name);
    expect(change?.body).not.toContain('UPSERT');
  });
});
