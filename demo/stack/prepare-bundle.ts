import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { isBundleKept } from '../../workers/workflow-bundle';

/**
 * Sees to it that the workflows are bundled before the worker asks. Takes seconds after a change of the workflows, and nothing
 * otherwise. Should it fail, the worker bundles them itself and says what is wrong.
 */
export async function prepareBundle(logFile: string): Promise<void> {
  if (await isBundleKept()) return;
  const log = openSync(logFile, 'a');
  const program = path.join(__dirname, 'bundle-workflows.ts');
  const args = ['--require', require.resolve('tsx/cjs'), program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', log, log] });
  closeSync(log);
  await once(child, 'exit');
}
