import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** runbooks/shop.yaml as it is written, to be changed and parsed anew. */
export const writtenShop = (): { readonly workloads: readonly object[] } & Readonly<Record<string, unknown>> =>
  parse(readFileSync(path.join(__dirname, '../../../runbooks/shop.yaml'), 'utf8')) as ReturnType<typeof writtenShop>;
