import '../patience';
import type { RunStatus } from '../../../core/model/run';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

let lab: MemoryLab;
beforeAll(async () => {
  lab = await startMemoryLab(tinyRunbook({ operations: '{ drill: { keep: 1h, onFailure: ask } }' }));
});
afterAll(() => lab.tearDown());

const holds = ({ waitingFor }: RunStatus): boolean => waitingFor.some(({ name }) => name === 'hold');
const asks = ({ waitingFor }: RunStatus): boolean => waitingFor.some(({ kind }) => kind === 'failed-step');

test('a hold that somebody called failed asks anew when it is tried again: what was said before answers nothing', async () => {
  const handle = await lab.start('drill');
  const say = (decision: string) => handle.executeUpdate('decide', { args: [{ gate: 'hold', by: 'ana', decision }] });
  await lab.until(handle, holds);
  await say('failed');
  await lab.until(handle, asks);
  await handle.executeUpdate('retry', { args: [{ by: 'ana' }] });
  await lab.until(handle, (status) => holds(status) && !asks(status));
  await say('done');
  await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
});
