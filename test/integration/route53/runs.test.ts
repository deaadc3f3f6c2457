import type { WorkflowHandle } from '@temporalio/client';
import { quietly } from '../../contract/contract';
import { answer, BreakingWorker } from '../faults/breaking-worker';
import { expectProofs, expectServed } from '../faults/evidence';
import { FaultLab } from '../faults/fault-lab';
import { FaultyProxy } from './faulty-proxy';
import { describeRoute53, driverAt, recordSet, Route53Lab, zoneId } from './route53-lab';

jest.setTimeout(600_000);

const names = ['shop.example.test', 'admin.example.test'] as const;
const switchTo = (site: string): string => `switch-traffic/${names[0]}@${site}`;

/** The two local sites of the shop, a real Temporal server and workers; customers come by a name in Route 53. */
describeRoute53('the shop, whose names are in Route 53', (python) => {
  let route53: Route53Lab;
  let proxy: FaultyProxy;
  let faults: FaultLab;
  let worker: BreakingWorker;

  beforeAll(async () => {
    route53 = await Route53Lab.open(python);
    proxy = await FaultyProxy.open(() => route53.endpoint);
    for (const name of names) await route53.create(recordSet(name, ['127.0.1.1'], { TTL: 2 }));
    driverAt(proxy.endpoint);
    process.env['SWITCHBACK_ROUTE53_ENDPOINT'] = proxy.endpoint;
    const server = route53.nameServer;
    const provider = `{ driver: route53, hostedZoneId: ${zoneId}, nameServers: ['${server}'], resolver: '${server}' }`;
    faults = await FaultLab.open({
      editRunbook: (yaml) =>
        yaml.replace(/^traffic:[^]*?(?=^integrity:)/m, () =>
          [
            'traffic:',
            ...names.map((name) => `  - { name: ${name}, ttl: 2s, moveTtl: 1s, provider: ${provider} }`),
            '',
          ].join('\n'),
        ),
      dnsPort: Number(server.split(':').at(-1)),
    });
    worker = new BreakingWorker(faults.workers);
  });
  afterAll(async () => {
    delete process.env['SWITCHBACK_ROUTE53_ENDPOINT'];
    await faults.close();
    await proxy.close();
    await route53.close();
  });

  /** The run is held right before it moves traffic, the world breaks meanwhile, and it goes on. */
  const breakBeforeSwitch = (site: string, run: () => Promise<WorkflowHandle>, harm: () => Promise<void>) =>
    worker.breakAt(`activity:${switchTo(site)}:before/stop`, run, harm);

  /** Both names lead there with their usual TTL, moved by the epoch of the group, and customers are served. */
  async function expectLedTo(address: string, active: 'alpha' | 'beta', phase: string): Promise<void> {
    const state = await faults.state();
    expect(state).toMatchObject({ phase });
    for (const name of names) {
      expect(await route53.sets(name)).toMatchObject([{ TTL: 2, ResourceRecords: [{ Value: address }] }]);
      const [owner] = await route53.sets(`_switchback.${name}`);
      expect(owner?.ResourceRecords).toEqual([{ Value: `"group=shop epoch=${state.epoch}"` }]);
    }
    await expectServed(faults);
    await expectProofs(faults, active);
  }

  /** The changes that moved traffic: those that create a record of another address. */
  const moves = (): readonly string[] =>
    proxy.calls('change').flatMap(({ body }) => {
      const values = [...body.matchAll(/<Value>(127\.[\d.]+)<\/Value>/g)].map(([, value]) => value);
      return new Set(values).size > 1 ? [body] : [];
    });

  test('a failover moves both names in one change, and nobody loses an order', async () => {
    await faults.complete('failover');
    const [move, second] = moves();
    expect(second).toBeUndefined();
    for (const name of names) expect(move).toContain(`<Name>${name}`);
    await expectLedTo('127.0.2.1', 'beta', 'FailedOver');
  });

  test('failback: a record that somebody else has changed is not overwritten; the step asks, and goes on when it is put right', async () => {
    await faults.complete('reprotect');
    const handle = await breakBeforeSwitch(
      'alpha',
      () => faults.start('failback'),
      () => route53.changeBehind(names[1], ['192.0.2.99']),
    );
    const asks = await faults.failedStep(handle, switchTo('alpha'));
    expect(asks).toMatch(/RecordChanged: record "admin.example.test" A is \["192.0.2.99"\]/);
    const values = async (name: string) => (await route53.sets(name)).map(({ ResourceRecords }) => ResourceRecords);
    expect(await values(names[1])).toEqual([[{ Value: '192.0.2.99' }]]);
    expect(await values(names[0])).toEqual([[{ Value: '127.0.2.1' }]]);
    await route53.changeBehind(names[1], ['127.0.2.1']);
    await answer(handle, 'retry');
    await faults.completed(handle);
    await expectLedTo('127.0.1.1', 'alpha', 'Protected');
  });

  test('a drill needs nothing of Route 53, and changes nothing there', async () => {
    proxy.clear();
    // Readiness reads the records whenever it is due: a request alone does not tell who asks. A drill could not without an answer.
    await route53.kill9();
    await faults.complete('drill', { keepSeconds: 1 });
    await route53.restart();
    expect(proxy.calls('change')).toEqual([]);
    await expectLedTo('127.0.1.1', 'alpha', 'Protected');
  });

  /** moto is killed when it has applied the change of a failover and not yet said so. */
  const failoverWithLostChange = (): Promise<WorkflowHandle> =>
    breakBeforeSwitch(
      'beta',
      () => faults.start('failover'),
      async () => proxy.inject('change', { kind: 'lose-answer', then: () => route53.kill9() }),
    );

  test('rolled back after the change was applied, both names lead home again', async () => {
    const handle = await failoverWithLostChange();
    expect(await faults.failedStep(handle, switchTo('beta'))).toMatch(/SiteUnreachable/);
    await route53.restart();
    for (const name of names)
      expect(await route53.sets(name)).toMatchObject([{ ResourceRecords: [{ Value: '127.0.2.1' }] }]);
    await answer(handle, 'rollback');
    expect(await faults.ended(handle)).toMatchObject({ verdict: 'rolled-back' });
    await expectLedTo('127.0.1.1', 'alpha', 'Protected');
  });

  test('moto is killed when it has applied the change and not yet said so; the step asks, and finds it done', async () => {
    proxy.clear();
    const handle = await failoverWithLostChange();
    expect(await faults.failedStep(handle, switchTo('beta'))).toMatch(/SiteUnreachable: Route 53 does not answer/);
    // Names are answered all the same, and with the change that was applied.
    const [record] = faults.lab.runbook.traffic;
    if (record === undefined) throw new Error('the shop has no record');
    expect(await driverAt(proxy.endpoint).resolve(record, quietly())).toMatchObject({ values: ['127.0.2.1'] });
    await route53.restart();
    await answer(handle, 'retry');
    await faults.completed(handle);
    // One change was asked for, however often: those after the first found it done, or nobody.
    expect(new Set(moves()).size).toBe(1);
    await expectLedTo('127.0.2.1', 'beta', 'FailedOver');
  });
});
