import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** What a hook was told when it ran. */
export interface HookRun {
  readonly word: string;
  readonly pid: number;
  readonly key: string;
  readonly step: string;
  readonly site: string;
  readonly undo: string;
}

/** A program for hooks: notes each run, and does what the test has asked for. */
export interface HookScript {
  readonly file: string;
  readonly folder: string;
  readonly runs: () => Promise<readonly HookRun[]>;
  /** What it does from now on, as lines of a shell script. */
  readonly behave: (script: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export async function makeHookScript(): Promise<HookScript> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-hook-'));
  const file = path.join(folder, 'hook.sh');
  const log = path.join(folder, 'runs');
  const told = ['OPERATION_KEY', 'STEP', 'SITE', 'UNDO'].map((name) => `$SWITCHBACK_${name}`).join(' ');
  await writeFile(file, `#!/bin/sh\necho "$1 $$ ${told}" >> ${log}\n. ${folder}/behaviour\n`);
  await chmod(file, 0o755);
  const behave = (script: string) => writeFile(path.join(folder, 'behaviour'), `${script}\n`);
  await behave('exit 0');
  return {
    file,
    folder,
    behave,
    runs: async () => {
      const text = await readFile(log, 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => {
          const [word = '', pid = '', key = '', step = '', site = '', undo = ''] = line.split(' ');
          return { word, pid: Number(pid), key, step, site, undo };
        });
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
