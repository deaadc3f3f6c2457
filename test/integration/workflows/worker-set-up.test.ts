import '../patience';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Connection, type WorkflowFailedError } from '@temporalio/client';
import { registerSearchAttributes } from '../../../workers/register-search-attributes';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { startTemporalServer } from '../../../workers/temporal-server/start-temporal-server';
import { searchAttributes } from '../../../core/model/search-attributes';
import type { ProtectionState } from '../../../core/model/protection';
import { keepRecorded } from './history-file';
import { startMemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

test('with a worker that lacks the driver a run ends at once with DriverMissing, naming the drivers that are there', async () => {
  const lab = await startMemoryLab(tinyRunbook(), { driver: 'other' });
  try {
    const error: unknown = await (await lab.start('failover')).result().catch((thrown: unknown) => thrown);
    expect((error as WorkflowFailedError).cause).toMatchObject({
      type: 'DriverMissing',
      message: expect.stringContaining('needs the driver "memory", this worker has other'),
    });
  } finally {
    await lab.tearDown();
  }
});

test('a runbook that becomes invalid ends nothing: the group is looked after by the one before, and says so', async () => {
  const lab = await startMemoryLab(tinyRunbook({ replication: '{ every: 200ms }' }));
  const file = path.join(lab.home, 'runbooks', 'tiny.yaml');
  const good = await readFile(file, 'utf8');
  const until = async (wanted: (state: ProtectionState) => boolean): Promise<ProtectionState> => {
    for (;;) {
      const state = await lab.state().catch(() => null);
      if (state && wanted(state)) return state;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  try {
    await until(({ phase }) => phase === 'Protected');
    await writeFile(file, 'switchback: 1\ngroup: [');
    const troubled = await until(({ runbookTrouble }) => runbookTrouble !== undefined);
    expect(troubled.runbookTrouble).toContain('tiny.yaml:2:');
    await until(({ replication }) => (replication.lastPassAt ?? '') > (troubled.replication.lastPassAt ?? ''));
    await writeFile(file, good);
    await until(({ runbookTrouble }) => runbookTrouble === undefined);
    await keepRecorded(lab.home, 'protection-reloaded', lab.client.workflow.getHandle('protection/tiny'));
  } finally {
    await lab.tearDown();
  }
});

test('a worker registers the search attributes that the namespace lacks, and may do so again', async () => {
  const found = await findTemporalServer({ say: () => undefined });
  if (found.kind !== 'binary') throw new Error('this test starts a server of its own, without search attributes');
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-attributes-'));
  const files = { dbFile: path.join(home, 'temporal.db'), logFile: path.join(home, 'temporal.log') };
  const server = await startTemporalServer({ binary: found.path, ...files, searchAttributes: {}, uiPort: false });
  const connection = await Connection.connect({ address: server.address });
  try {
    await registerSearchAttributes(connection, 'default');
    await registerSearchAttributes(connection, 'default');
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(searchAttributes)));
  } finally {
    await connection.close();
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
});

test('a worker that may not register them refuses to start, with the command that does it', async () => {
  const refusing = {
    operatorService: {
      listSearchAttributes: () => Promise.resolve({ customAttributes: { SwitchbackGroup: 2 } }),
      addSearchAttributes: () => Promise.reject(new Error('PERMISSION_DENIED')),
    },
  } as unknown as Connection;
  await expect(registerSearchAttributes(refusing, 'prod')).rejects.toMatchObject({
    code: 'SearchAttributesMissing',
    message: expect.stringMatching(
      /temporal operator search-attribute create --namespace prod .*--name SwitchbackWaitingFor --type KeywordList/,
    ),
  });
});
