import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Compares a view with test/unit/cli/golden/<name>.txt. With GOLDEN=write the files are written instead: look at the
 * difference before you commit it.
 */
export function expectGolden(name: string, text: string): void {
  const file = path.join(__dirname, 'golden', `${name}.txt`);
  if (process.env['GOLDEN'] === 'write') writeFileSync(file, `${text}\n`);
  expect(`${text}\n`).toBe(readFileSync(file, 'utf8'));
}
