import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What a mover pod does; each is a file of volumes/scripts, after those that it uses. */
export type MoverScript = 'pull' | 'serve' | 'look' | 'capture' | 'count' | 'thin';

const uses: Readonly<Record<MoverScript, readonly string[]>> = {
  pull: ['pod', 'tree', 'swap'],
  serve: ['pod'],
  look: ['pod', 'tree', 'swap'],
  capture: ['pod', 'tree', 'swap'],
  count: ['pod', 'tree'],
  thin: ['pod'],
};

export const scriptOf = (name: MoverScript): string => [...uses[name], name].map(textOf).join('\n');

/** What the pod that serves a volume computes digests with. */
export const treeScript = (): string => textOf('tree');

const textOf = (name: string): string => readFileSync(path.join(__dirname, '../scripts', `${name}.sh`), 'utf8');
