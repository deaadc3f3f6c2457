import '../patience';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { ProtectionState } from '../../../core/model/protection';
import { until } from '../faults/until';
import { expectFound, type Drift } from '../readiness/drift';
import {
  deleteZone,
  lookAt,
  recordName,
  startRoute53DriftLab,
  variables,
  worker,
  type Route53DriftLab,
} from './drift-lab';
import { describeRoute53, zoneId } from './route53-lab';

/** Somebody gives the record something else. */
const changed =
  (change: Partial<ResourceRecordSet>) =>
  async ({ route53 }: Route53DriftLab) => {
    const [before] = await route53.sets(recordName);
    if (before === undefined) throw new Error('there is no record');
    await route53.change([{ Action: 'UPSERT', ResourceRecordSet: { ...before, ...change } }]);
    return async () => route53.change([{ Action: 'UPSERT', ResourceRecordSet: before }]);
  };

/** The shop has an RTO of 60 s. */
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
const gives = (key: string, expiration: string): string =>
  `cat <<END\n{"Version": 1, "AccessKeyId": "${key}", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "${expiration}"}\nEND\n`;

/** What can drift of a record in Route 53, and of what reaches it. */
const route53Drifts: readonly Drift<Route53DriftLab>[] = [
  {
    name: 'somebody has led the record elsewhere',
    seed: changed({ ResourceRecords: [{ Value: '127.0.9.9' }] }),
    state: 'NotReady',
    code: 'RecordAsExpected',
    names: `${recordName} is 127.0.9.9, expected 127.0.1.1`,
    doThis: 'set the record to the values of the active site',
  },
  {
    name: 'the record is gone',
    seed: async ({ route53 }) => {
      const [before] = await route53.sets(recordName);
      await route53.change([{ Action: 'DELETE', ResourceRecordSet: before }]);
      return async () => route53.change([{ Action: 'CREATE', ResourceRecordSet: before }]);
    },
    state: 'NotReady',
    code: 'RecordAsExpected',
    names: `${recordName} is empty, expected 127.0.1.1`,
    doThis: 'set the record to the values of the active site',
  },
  {
    name: 'resolvers keep the record for longer than the runbook says',
    seed: changed({ TTL: 3600 }),
    state: 'AtRisk',
    code: 'RecordTtlHigher',
    names: 'its TTL is 3600 s, the runbook says 5 s',
    doThis: 'set the TTL of the record',
  },
  {
    name: 'the hosted zone is gone',
    seed: async ({ route53 }) => deleteZone(route53),
    state: 'NotReady',
    code: 'RecordAsExpected',
    names: `Route 53 refused the request for hosted zone ${zoneId}: NoSuchHostedZone`,
    doThis: 'mend what keeps it from being read',
  },
  {
    name: 'the worker may not read the record any more',
    seed: async ({ iam }) => {
      await iam.allow(worker, ['route53:GetChange']);
      await iam.look(true);
      return async () => {
        await iam.look(false);
        await iam.allow(worker, lookAt);
      };
    },
    state: 'NotReady',
    code: 'RecordAsExpected',
    names: `Route 53 does not let this worker use hosted zone ${zoneId}: AccessDenied`,
    doThis: 'mend what keeps it from being read',
  },
  {
    name: 'the key of the worker ends within twice the RTO',
    seed: () => Promise.resolve(variables({ AWS_CREDENTIAL_EXPIRATION: inSeconds(100) })),
    state: 'AtRisk',
    code: 'CredentialExpires',
    names: 'AWS credentials of the environment it expires at',
    doThis: 'renew it, and put it where the worker of the site reads it',
  },
  {
    name: 'the key of the worker has ended',
    seed: () => Promise.resolve(variables({ AWS_CREDENTIAL_EXPIRATION: inSeconds(-1) })),
    state: 'NotReady',
    code: 'CredentialExpires',
    names: 'AWS credentials of the environment it expired at',
    doThis: 'renew it, and put it where the worker of the site reads it',
  },
  {
    name: 'a program gives session credentials that end within twice the RTO, and no others',
    seed: async ({ credentialProcess }) => credentialProcess(gives('ASIASESSION', inSeconds(100))),
    state: 'AtRisk',
    code: 'CredentialExpires',
    names: 'AWS credentials of a credential_process it expires at',
    doThis: 'renew it, and put it where the worker of the site reads it',
  },
  {
    name: 'no credentials are found',
    seed: async ({ credentialProcess }) => credentialProcess('exit 1\n'),
    state: 'AtRisk',
    code: 'SiteNotExamined',
    names: 'the AWS credentials: Could not load credentials from any providers',
    doThis: 'give the worker the right that is missing',
  },
  {
    name: 'Route 53 does not answer',
    // The last: moto comes back without its users.
    seed: async ({ route53 }) => {
      await route53.kill9();
      return async () => route53.restart();
    },
    state: 'NotReady',
    code: 'RecordAsExpected',
    names: `Route 53 does not answer for hosted zone ${zoneId}`,
    doThis: 'mend what keeps it from being read',
  },
];

describeRoute53('drifts in Route 53', (python) => {
  let there: Route53DriftLab;
  beforeAll(async () => {
    there = await startRoute53DriftLab(python);
    const known = async () => (await there.shop.runs.state()) as ProtectionState | null;
    await until('the standby has its data', async () => (await known())?.replication.lastPassAt !== undefined);
  });
  afterAll(async () => there?.tearDown());

  const expectReady = async () => expect(await there.shop.evaluate()).toMatchObject({ state: 'Ready', reasons: [] });

  test('without a drift the group is Ready, with no right but that of looking', async () => {
    await there.iam.look(true);
    await expectReady();
    await there.iam.look(false);
  });

  test.each(route53Drifts.map((drift) => [drift.name, drift] as const))(
    'found within one evaluation, with what to do: %s',
    async (_name, drift) => {
      await expectFound(there, drift, there.shop.evaluate);
      await expectReady();
    },
  );

  test('a program that gives others each time is none, however soon those end that it has given', async () => {
    const undo = await there.credentialProcess(gives('ASIA$$', inSeconds(100)));
    await expectReady();
    await undo();
  });
});
