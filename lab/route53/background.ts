import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../../workers/temporal-server/loopback-port';
import { identities, type Route53State } from '../lab-state';
import { LabProcesses } from '../processes/lab-processes';
import { findMoto } from './install-moto';
import { motoAnswers, motoProgram, recordSetsFile } from './start-moto';

interface BackgroundOptions {
  /** That of the lab. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Record sets and logs of Route 53. */
export const backgroundFolder = (folder: string): string => path.join(folder, 'route53');

/**
 * moto without a hosted zone, and a name server that answers from what it holds, as processes that outlive this one. Throws
 * `LabIncomplete` with the end of a log when one of them does not come up; then neither runs.
 */
export async function startInBackground({ folder: labFolder, say }: BackgroundOptions): Promise<Route53State> {
  const moto = await findMoto({ env: process.env, say });
  if (moto.kind === 'missing') return moto;
  const folder = backgroundFolder(labFolder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const processes = new LabProcesses({ folder, log: (program) => path.join(folder, `${program}.log`) }, true);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const addressFile = path.join(folder, 'name-server');
  const program = path.join(__dirname, 'name-server', 'main.ts');
  const names = ['--require', require.resolve('tsx/cjs'), program, recordSetsFile(folder), addressFile];
  try {
    await processes.start('moto', moto.path, motoProgram({ folder, port, zones: {} }));
    await processes.start('name-server', process.execPath, names);
    await processes.until(async () => existsSync(addressFile) && motoAnswers(endpoint));
  } catch (error) {
    await processes.kill();
    throw error;
  }
  const nameServer = await readFile(addressFile, 'utf8');
  return { kind: 'started', endpoint, nameServer, processes: identities(processes.pids) };
}
