import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Content of every file but the logs. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.filter((file) => !file.endsWith('.log')).map((file) => [file, readFileSync(file, 'utf8')]),
  );
}
