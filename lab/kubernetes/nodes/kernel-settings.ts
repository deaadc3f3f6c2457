import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What a kubelet sets to values of its own for the whole machine when it starts. */
const settings = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/** One for all nodes of the machine; empty after a boot, as the settings are. */
const memory = '/run/switchback-lab/kernel-settings.json';

const fileOf = (name: string): string => path.join('/proc/sys', name);

/** Before a kubelet starts. The first node remembers; those after it would remember what the first one made of them. */
export async function rememberKernelSettings(): Promise<void> {
  const values = await Promise.all(settings.map(async (name) => [name, await readFile(fileOf(name), 'utf8')] as const));
  await mkdir(path.dirname(memory), { recursive: true });
  await writeFile(memory, JSON.stringify(Object.fromEntries(values)), { flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}

/** When the last node is gone. */
export async function restoreKernelSettings(): Promise<void> {
  const text = await readFile(memory, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  for (const [name, value] of Object.entries(JSON.parse(text) as Record<string, string>))
    await writeFile(fileOf(name), value);
  await rm(path.dirname(memory), { recursive: true, force: true });
}
