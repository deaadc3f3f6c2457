import type { ChangeResourceRecordSetsCommandInput, Route53Client } from '@aws-sdk/client-route-53';
import type { TrafficSpec } from '../../../core/model/traffic';
import { route53Policy, type Policy, type PolicyStatement } from '../../../deploy/aws/route53-policy';
import { createRoute53Client } from '../../../drivers/route53/route53-client';
import { createRoute53Traffic } from '../../../drivers/route53/route53-traffic';
import { quietly } from '../../contract/contract';
import { FaultyProxy } from './faulty-proxy';
import { describeRoute53, driverAt, recordSet, Route53Lab, zoneId } from './route53-lab';

interface ApiCall {
  /** "route53:GetChange" */
  readonly action: string;
  readonly resource: string;
  /** The keys of the request that conditions ask for. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

const key = (what: string): string => `route53:ChangeResourceRecordSets${what}`;

function callOf(command: string, input: Partial<ChangeResourceRecordSetsCommandInput> & { Id?: string }): ApiCall {
  const changes = input.ChangeBatch?.Changes ?? [];
  const sets = changes.flatMap(({ ResourceRecordSet }) => ResourceRecordSet ?? []);
  const resource = input.Id === undefined ? `hostedzone/${input.HostedZoneId}` : input.Id.replace(/^\//, '');
  return {
    action: `route53:${command.replace(/Command$/, '')}`,
    resource: `arn:aws:route53:::${resource}`,
    keys:
      changes.length === 0
        ? {}
        : {
            [key('NormalizedRecordNames')]: sets.map(({ Name = '' }) => Name.toLowerCase().replace(/\.$/, '')),
            [key('RecordTypes')]: sets.map(({ Type = '' }) => Type),
            [key('Actions')]: changes.map(({ Action = '' }) => Action),
          },
  };
}

/** As IAM evaluates what the policy uses: an action, a resource, values within a set, keys that must be there. */
function allows({ Statement }: Policy, call: ApiCall): boolean {
  return Statement.some(
    (statement) =>
      statement.Action === call.action && covers(statement.Resource, call.resource) && holds(statement, call),
  );
}

const covers = (pattern: string, arn: string): boolean =>
  pattern.endsWith('*') ? arn.startsWith(pattern.slice(0, -1)) : pattern === arn;

function holds({ Condition }: PolicyStatement, { keys }: ApiCall): boolean {
  const within = Object.entries(Condition?.['ForAllValues:StringEquals'] ?? {});
  const present = Object.keys(Condition?.Null ?? {});
  return (
    within.every(([name, allowed]) => (keys[name] ?? []).every((value) => allowed.includes(value))) &&
    present.every((name) => (keys[name] ?? []).length > 0)
  );
}

describeRoute53('the IAM policy in deploy/aws', (python) => {
  let lab: Route53Lab;
  let calls: readonly ApiCall[];
  let policy: Policy;

  const recordOf = (name: string): TrafficSpec => ({
    ...{ name, type: 'A', ttlSeconds: 60, moveTtlSeconds: 5 },
    values: { primary: ['192.0.2.1'], recovery: ['192.0.2.2'] },
    provider: { driver: 'route53', hostedZoneId: zoneId, nameServers: [lab.nameServer], resolver: lab.nameServer },
  });

  /** Everything that the driver can do, with each call of the SDK noted. */
  beforeAll(async () => {
    lab = await Route53Lab.open(python);
    driverAt(lab.endpoint);
    const seen: ApiCall[] = [];
    const noting = (): Route53Client => {
      const client = createRoute53Client({ endpoint: lab.endpoint });
      client.middlewareStack.add(
        (next, context) => async (request) => {
          seen.push(callOf(String(context.commandName), request.input as ChangeResourceRecordSetsCommandInput));
          return next(request);
        },
        { step: 'initialize' },
      );
      return client;
    };
    const driver = createRoute53Traffic({}, noting);
    const records = ['one.example.test', 'two.example.test'].map(recordOf);
    for (const { name, values } of records) await lab.create(recordSet(name, values.primary));
    const requests = records.map((record) => ({
      ...{ group: 'shop', operationKey: 'run/switch', epoch: 2, record },
      ...{ expected: record.values.primary, next: record.values.recovery, ttlSeconds: 5 },
    }));
    const [first] = requests;
    if (first === undefined) throw new Error('unreachable');
    await driver.current(first.record, quietly());
    await driver.setTtl(first, quietly());
    await driver.switch(first, quietly());
    await driver.switchTogether(requests, quietly());
    await driver.resolve(first.record, quietly());
    calls = seen;
    policy = route53Policy(records);
  });
  afterAll(async () => lab.close());

  test('allows every call that the driver makes', () => {
    expect(calls.length).toBeGreaterThan(8);
    expect(calls.filter((call) => !allows(policy, call))).toEqual([]);
  });

  test('allows no action that the driver does not use', () => {
    const used = [...new Set(calls.map(({ action }) => action))].sort();
    expect([...new Set(policy.Statement.map(({ Action }) => Action))].sort()).toEqual(used);
  });

  test('names no record, type or kind of change that the driver does not use', () => {
    const [change] = policy.Statement.filter(({ Condition }) => Condition !== undefined);
    for (const [name, allowed] of Object.entries(change?.Condition?.['ForAllValues:StringEquals'] ?? {})) {
      const used = [...new Set(calls.flatMap(({ keys }) => keys[name] ?? []))].sort();
      expect([name, [...allowed].sort()]).toEqual([name, used]);
    }
  });

  test.each<[string, (call: ApiCall) => ApiCall]>([
    ['another record', (call) => withKey(call, 'NormalizedRecordNames', 'three.example.test')],
    ['a name below', (call) => withKey(call, 'NormalizedRecordNames', 'www.one.example.test')],
    ['another type', (call) => withKey(call, 'RecordTypes', 'MX')],
    ['an overwrite', (call) => withKey(call, 'Actions', 'UPSERT')],
    ['another zone', (call) => ({ ...call, resource: 'arn:aws:route53:::hostedzone/ZOTHER' })],
    ['a request without what is asked for', (call) => ({ ...call, keys: {} })],
    ['the deletion of the zone', (call) => ({ ...call, action: 'route53:DeleteHostedZone' })],
  ])('does not allow %s', (_, changed) => {
    const [call] = calls.filter(({ action }) => action === 'route53:ChangeResourceRecordSets');
    if (call === undefined) throw new Error('the driver changed nothing');
    expect(allows(policy, call)).toBe(true);
    expect(allows(policy, changed(call))).toBe(false);
  });

  const withKey = (call: ApiCall, name: string, value: string): ApiCall => ({
    ...call,
    keys: { ...call.keys, [key(name)]: [...(call.keys[key(name)] ?? []), value] },
  });

  test('a role of the worker is taken on, and requests are signed with what it gives', async () => {
    const proxy = await FaultyProxy.open(() => lab.endpoint);
    process.env['AWS_ENDPOINT_URL_STS'] = lab.endpoint;
    try {
      const roleArn = 'arn:aws:iam::123456789012:role/switchback-dns';
      const record = recordOf('one.example.test');
      const asRole = createRoute53Traffic({
        endpoint: proxy.endpoint,
        region: 'eu-central-1',
        roleArn,
        externalId: 'shop',
      });
      expect(await asRole.current(record, quietly())).toMatchObject({ epoch: 2 });
      await driverAt(proxy.endpoint).current(record, quietly());
      const keys = proxy.requests.map(({ authorization }) =>
        /Credential=(\w{3,4})\w*\/\d+\/([\w-]+)/.exec(authorization)?.slice(1),
      );
      expect(keys).toEqual([
        ['ASIA', 'eu-central-1'],
        ['lab', 'us-east-1'],
      ]);
    } finally {
      delete process.env['AWS_ENDPOINT_URL_STS'];
      await proxy.close();
    }
  });
});
