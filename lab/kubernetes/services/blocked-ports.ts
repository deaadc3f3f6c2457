import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../../../drivers/local/site-folder';
import type { PortKind } from './service-ports';

/** A port, or every address of a kind. */
export type Blocked = number | PortKind;

const fileIn = (folder: string): string => path.join(folder, 'blocked-ports.json');

/** From now on, what begins to talk to these of the cluster in the folder gets no word, as behind a firewall; none: all are open. */
export async function blockPorts(folder: string, blocked: readonly Blocked[]): Promise<void> {
  await writeFileAtomically(fileIn(folder), JSON.stringify(blocked));
}

export async function isBlocked(folder: string, { kind, port }: { kind: PortKind; port: number }): Promise<boolean> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => '[]');
  return (JSON.parse(text) as readonly Blocked[]).some((one) => one === kind || one === port);
}
