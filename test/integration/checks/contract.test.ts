import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCheckDriver } from '../../../drivers/check/check-driver';
import { type CheckFixture, describeCheckContract } from '../../contract/check-contract';
import { specOf, target } from '../../unit/drivers/check-probing';
import { closedPort, silentServer, webServer } from './lying-server';

async function setUp(): Promise<CheckFixture> {
  const folder = await mkdtemp(path.join(tmpdir(), 'switchback-check-'));
  await writeFile(path.join(folder, 'orders.log'), 'order 1\n');
  const web = await webServer((_request, response) => response.end('ok'));
  const silent = await silentServer();
  const driver = createCheckDriver({
    volumeFolder: (_site, _group, volume) => (volume === 'orders' ? folder : undefined),
    allowedCommands: ['/bin/true'],
    environment: {},
  });
  const page = (port: number, status: number) => specOf({ kind: 'http', port, path: '/', status });
  const foreignServer = { kind: 'dns', name: 'a.example', type: 'A', expect: [], server: '192.0.2.53:53' } as const;
  return {
    group: target.group,
    driver,
    target,
    right: page(web.port, 200),
    wrong: page(web.port, 204),
    late: { ...page(silent.port, 200), timeoutMs: 80 },
    missing: page(await closedPort(), 200),
    impossible: [
      { check: specOf({ kind: 'command', command: ['/bin/false'] }), code: 'CommandNotAllowed' },
      { check: specOf({ kind: 'checksum', volume: 'nowhere' }), code: 'InvalidRunbook' },
      { check: specOf(foreignServer), code: 'AddressNotAllowed' },
    ],
    state: async () => readdir(folder),
    tearDown: async () => {
      await Promise.all([web.close(), silent.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

describeCheckContract('checks', setUp);
