import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Route53Provider, TrafficSpec } from '../../../core/model/traffic';
import type { SwitchRequest, TrafficDriver } from '../../../drivers/ports';
import { quietly } from '../../contract/contract';
import { describeRoute53, driverAt, recordSet, Route53Lab, zoneId } from './route53-lab';

const addresses = { primary: ['192.0.2.1', '192.0.2.11'], recovery: ['192.0.2.2'] };

describeRoute53('records in Route 53', (python) => {
  let lab: Route53Lab;
  let driver: TrafficDriver;
  let names = 0;

  beforeAll(async () => {
    lab = await Route53Lab.open(python);
    driver = driverAt(lab.endpoint);
  });
  afterAll(async () => lab.close());

  const newName = (): string => `routed-${(names += 1)}.example.test`;

  const recordOf = (name: string, provider: Partial<Route53Provider>, more: Partial<TrafficSpec> = {}): TrafficSpec =>
    lab.record(name, provider, { values: addresses, ...more });

  function there(record: TrafficSpec, epoch = 2, more: Partial<SwitchRequest> = {}): SwitchRequest {
    const { primary: expected, recovery: next } = record.values;
    return {
      group: 'shop',
      operationKey: `run-${epoch}/switch`,
      epoch,
      record,
      expected,
      next,
      ttlSeconds: 5,
      ...more,
    };
  }
  const back = (record: TrafficSpec): SwitchRequest =>
    there(record, 3, { expected: record.values.recovery, next: record.values.primary, ttlSeconds: 60 });

  const sharesOf = async (name: string): Promise<unknown> =>
    (await lab.sets(name)).map(({ SetIdentifier, Weight, Failover, TTL, HealthCheckId }) => [
      ...[SetIdentifier, Weight ?? Failover, TTL, HealthCheckId],
    ]);

  /** There and back again: what customers see follows, and the sets are what they were. */
  async function movesBothWays(record: TrafficSpec): Promise<void> {
    const before = await lab.sets(record.name);
    expect(await driver.current(record, quietly())).toMatchObject({ values: record.values.primary, epoch: 0 });
    await driver.switch(there(record), quietly());
    expect(await driver.current(record, quietly())).toMatchObject({ values: record.values.recovery, epoch: 2 });
    expect((await driver.resolve(record, quietly())).values).toEqual(record.values.recovery);
    await driver.switch(back(record), quietly());
    expect([...(await driver.resolve(record, quietly())).values].sort()).toEqual([...record.values.primary].sort());
    expect(new Set(await lab.sets(record.name))).toEqual(new Set(before));
  }

  test.each<[TrafficSpec['type'], TrafficSpec['values']]>([
    ['A', addresses],
    ['AAAA', { primary: ['2001:db8::1'], recovery: ['2001:db8::2', '2001:db8::3'] }],
    ['CNAME', { primary: ['paris.example.test'], recovery: ['berlin.example.test'] }],
  ])('simple routing of type %s', async (type, values) => {
    const record = recordOf(newName(), {}, { type, values });
    await lab.create(recordSet(record.name, values.primary, { Type: type }));
    await movesBothWays(record);
  });

  /** Identifiers that no other record has. */
  function routedTo(policy: 'weighted' | 'failover', name: string, more: Partial<TrafficSpec> = {}): TrafficSpec {
    const setIdentifiers = { primary: `alpha-${name}`, recovery: `beta-${name}` };
    return recordOf(name, { routing: { policy, setIdentifiers } }, more);
  }
  const setsOf = (name: string, primary: Partial<ResourceRecordSet>, recovery: Partial<ResourceRecordSet>) => [
    recordSet(name, addresses.primary, { SetIdentifier: `alpha-${name}`, ...primary }),
    recordSet(name, addresses.recovery, { SetIdentifier: `beta-${name}`, ...recovery }),
  ];

  test('weighted routing: the weight goes to the active site; health checks stay', async () => {
    const name = newName();
    const record = routedTo('weighted', name);
    await lab.create(
      ...setsOf(name, { Weight: 70, HealthCheckId: 'hc-alpha' }, { Weight: 0, HealthCheckId: 'hc-beta' }),
    );
    await movesBothWays(record);
    await driver.switch(there(record, 4), quietly());
    expect(await sharesOf(name)).toEqual([
      [`beta-${name}`, 70, 5, 'hc-beta'],
      [`alpha-${name}`, 0, 5, 'hc-alpha'],
    ]);
  });

  test('failover routing: the set of the active site is the primary one', async () => {
    const name = newName();
    const record = routedTo('failover', name);
    const [alpha, beta] = [{ HealthCheckId: 'hc-alpha' }, { HealthCheckId: 'hc-beta' }];
    await lab.create(...setsOf(name, { Failover: 'PRIMARY', ...alpha }, { Failover: 'SECONDARY', ...beta }));
    await movesBothWays(record);
    await driver.switch(there(record, 4), quietly());
    expect(await sharesOf(name)).toEqual([
      [`beta-${name}`, 'PRIMARY', 5, 'hc-beta'],
      [`alpha-${name}`, 'SECONDARY', 5, 'hc-alpha'],
    ]);
  });

  test('failover routing: a set without health check is no primary one, which is seen before anything is moved', async () => {
    const name = newName();
    const record = routedTo('failover', name);
    await lab.create(...setsOf(name, { Failover: 'PRIMARY', HealthCheckId: 'hc' }, { Failover: 'SECONDARY' }));
    const because = `set "beta-${name}" has no health check`;
    expect(await driver.current(record, quietly())).toMatchObject({
      values: record.values.primary,
      inTheWay: expect.stringContaining(because) as string,
    });
    const before = await lab.sets(name);
    await expect(driver.switch(there(record), quietly())).rejects.toMatchObject({
      code: 'RecordChanged',
      message: expect.stringContaining(because) as string,
    });
    // The rule is the service's: it would refuse what the driver does not ask for.
    const [alpha, beta] = before.map(
      (set) => ({ ...set, Failover: set.Failover === 'PRIMARY' ? 'SECONDARY' : 'PRIMARY' }) as const,
    );
    const swap = lab.change([
      ...before.map((set) => ({ Action: 'DELETE', ResourceRecordSet: set }) as const),
      ...[alpha, beta].map((set) => ({ Action: 'CREATE', ResourceRecordSet: set }) as const),
    ]);
    await expect(swap).rejects.toMatchObject({ name: 'InvalidChangeBatch' });
    expect(await lab.sets(name)).toEqual(before);
  });

  test('the TTL of both sets is changed, and nothing else', async () => {
    const name = newName();
    const record = routedTo('weighted', name);
    await lab.create(...setsOf(name, { Weight: 100 }, { Weight: 0 }));
    const { next: _unused, ...request } = there(record, 2, { ttlSeconds: 7 });
    expect(await driver.setTtl(request, quietly())).toMatchObject({ ttlSeconds: 7, epoch: 0 });
    expect(await sharesOf(name)).toEqual([
      [`alpha-${name}`, 100, 7, undefined],
      [`beta-${name}`, 0, 7, undefined],
    ]);
  });

  test.each<[string, (name: string) => readonly ResourceRecordSet[], RegExp]>([
    [
      'a third set gets customers',
      (name) => [
        ...setsOf(name, { Weight: 1 }, { Weight: 0 }),
        recordSet(name, ['192.0.2.66'], { SetIdentifier: `x-${name}`, Weight: 1 }),
      ],
      /192\.0\.2\.66/,
    ],
    ['both sites get customers', (name) => setsOf(name, { Weight: 1 }, { Weight: 1 }), /192\.0\.2\.2/],
    [
      'the set of the other site holds something else',
      (name) => setsOf(name, { Weight: 1 }, { Weight: 0, ResourceRecords: [{ Value: '192.0.2.66' }] }),
      /192\.0\.2\.66/,
    ],
    ['a set is missing', (name) => setsOf(name, { Weight: 1 }, { Weight: 0 }).slice(0, 1), /there is no set "beta-/],
    ['there is one set without identifier', (name) => [recordSet(name, addresses.primary)], /there is no set "beta-/],
  ])('nothing is changed when %s', async (_, sets, saying) => {
    const name = newName();
    await lab.create(...sets(name));
    const before = await lab.sets();
    await expect(driver.switch(there(routedTo('weighted', name)), quietly())).rejects.toMatchObject({
      code: 'RecordChanged',
      message: expect.stringMatching(saying) as string,
    });
    expect(await lab.sets()).toEqual(before);
  });

  describe('an alias', () => {
    const targets = { primary: ['lb-alpha.example.test'], recovery: ['lb-beta.example.test'] };
    const target = { hostedZoneId: zoneId, evaluateTargetHealth: false };
    const alias = { primary: target, recovery: target };
    const AliasTarget = { HostedZoneId: zoneId, DNSName: 'lb-alpha.example.test', EvaluateTargetHealth: false };

    beforeAll(async () => {
      await lab.create(
        recordSet('lb-alpha.example.test', ['192.0.2.101', '192.0.2.102']),
        recordSet('lb-beta.example.test', ['192.0.2.201']),
      );
    });
    const aliasRecord = (name: string): TrafficSpec => recordOf(name, { alias }, { values: targets });

    test('is led to the other target, and recognised by its addresses', async () => {
      const record = aliasRecord(newName());
      await lab.create({ Name: record.name, Type: 'A', AliasTarget });
      await movesBothWays(record);
      await driver.switch(there(record, 4), quietly());
      const [moved] = await lab.sets(record.name);
      expect(moved).toMatchObject({ AliasTarget: { DNSName: 'lb-beta.example.test', HostedZoneId: zoneId } });
      expect(moved?.TTL).toBeUndefined();
    });

    test.each([
      ['weighted', { Weight: 1 }, { Weight: 0 }],
      ['failover', { Failover: 'PRIMARY' }, { Failover: 'SECONDARY' }],
    ] as const)('for each site, with %s routing, is led by their shares alone', async (policy, active, standby) => {
      const name = newName();
      const setIdentifiers = { primary: `alpha-${name}`, recovery: `beta-${name}` };
      const record = recordOf(name, { alias, routing: { policy, setIdentifiers } }, { values: targets });
      const set = (SetIdentifier: string, DNSName: string): ResourceRecordSet => ({
        ...{ Name: name, Type: 'A', SetIdentifier },
        AliasTarget: { ...AliasTarget, DNSName, EvaluateTargetHealth: true },
      });
      await lab.create(
        { ...set(`alpha-${name}`, 'lb-alpha.example.test'), ...active },
        { ...set(`beta-${name}`, 'lb-beta.example.test'), ...standby },
      );
      await movesBothWays(record);
    });

    test('has the TTL of its target, which is not changed', async () => {
      const record = aliasRecord(newName());
      await lab.create({ Name: record.name, Type: 'A', AliasTarget });
      const before = await lab.sets();
      const { next: _unused, ...request } = there(record, 2, { ttlSeconds: 7 });
      expect(await driver.setTtl(request, quietly())).toMatchObject({ ttlSeconds: 60 });
      expect(await lab.sets()).toEqual(before);
    });

    test('that answers addresses of neither target is reported with them', async () => {
      const record = aliasRecord(newName());
      await lab.create(recordSet(record.name, ['192.0.2.66']));
      expect((await driver.resolve(record, quietly())).values).toEqual(['192.0.2.66']);
    });
  });
});
