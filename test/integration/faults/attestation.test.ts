import '../patience';
import type { AttestationResult, AttestationStatus } from '../../../core/model/attestation';
import { attestationWorkflowId } from '../../../core/model/names';
import { FaultLab } from './fault-lab';
import { until } from './until';

jest.setTimeout(600_000);

let faults: FaultLab;
beforeAll(async () => {
  faults = await FaultLab.open();
});
afterAll(() => faults.close());

test('workers are killed while a drill ends, while a person is asked, and once it was said: it is asked and counted once', async () => {
  const first = faults.workers.start({ failpoints: ['activity:remove-drill/@beta:after'] });
  const run = await faults.start('drill');
  await first.ended;
  const second = faults.workers.start();
  await faults.completed(run);
  const { runId } = await run.describe();
  const asked = faults.client.workflow.getHandle(attestationWorkflowId({ workflowId: run.workflowId, runId }));
  await until('the group counts it', async () => (await faults.state()).drills?.unattested.length === 1);

  second.signal('SIGKILL');
  await second.ended;
  await asked.signal('attest', { by: 'ana', verdict: 'passed', notes: 'said while nobody was there' });
  const third = faults.workers.start();
  await until('it was heard', async () => {
    const status = await asked.query<AttestationStatus>('status').catch(() => undefined);
    return status?.attestation !== undefined;
  });
  third.signal('SIGKILL');
  await third.ended;
  faults.workers.start();

  const result = (await asked.result()) as AttestationResult;
  expect(result).toMatchObject({ verdict: 'passed', by: 'ana', notes: 'said while nobody was there', via: 'signal' });
  expect((await faults.state()).drills).toMatchObject({ passed: 1, failed: 0, unattested: [], more: 0 });
});
