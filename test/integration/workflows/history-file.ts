import os from 'node:os';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';

/** Where recorded histories are kept: one gzipped JSON file a kind of run. */
const historyFolder = path.join(__dirname, '..', '..', 'unit', 'replay', 'histories');

/** Histories by the name of their file, as JSON that `Worker.runReplayHistory` takes. */
export async function readHistories(): Promise<readonly (readonly [string, unknown])[]> {
  const files = (await readdir(historyFolder)).filter((file) => file.endsWith('.json.gz')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = (await promisify(gunzip)(await readFile(path.join(historyFolder, file)))).toString('utf8');
      return [file.replace('.json.gz', ''), JSON.parse(text) as unknown] as const;
    }),
  );
}

/** Keeps a history without what names the machine that it was recorded on. `names`: what stands for what. */
export async function keepHistory(
  name: string,
  history: unknown,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  const neutral = (text: string): string =>
    Object.entries(names).reduce((result, [from, to]) => result.replaceAll(from, to), text);
  const text = JSON.stringify(history, (key, value: unknown) => {
    if (key === 'data' && typeof value === 'string') {
      return Buffer.from(neutral(Buffer.from(value, 'base64').toString('utf8'))).toString('base64');
    }
    return typeof value === 'string' ? neutral(value) : value;
  });
  await mkdir(historyFolder, { recursive: true });
  await writeFile(path.join(historyFolder, `${name}.json.gz`), await promisify(gzip)(text, { level: 9 }));
}

/**
 * `npm run record:histories` sets RECORD_HISTORIES (to 1, or to the one that is wanted): then what happened is kept for
 * test/unit/replay.
 */
export async function keepRecorded(home: string, name: string, handle: WorkflowHandle): Promise<void> {
  const recording = process.env['RECORD_HISTORIES'];
  if (recording !== '1' && recording !== name) return;
  const names = { [home]: 'home', [os.hostname()]: 'worker', [`${process.pid}@`]: '1@' };
  await keepHistory(name, JSON.parse(historyToJSON(await handle.fetchHistory())), names);
}
