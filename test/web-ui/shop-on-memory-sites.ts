import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';

interface ShopYaml {
  sites: Record<'primary' | 'recovery', { driver: string; folder?: string }>;
  workloads: { checks: { within: string }[] }[];
  traffic: { provider: object }[];
}

/** runbooks/shop.yaml on in-memory sites: its names, gates and people; checks that fail give up after a second. */
export function shopOnMemorySites(): string {
  const file = path.join(__dirname, '..', '..', 'runbooks', 'shop.yaml');
  const shop = parse(readFileSync(file, 'utf8')) as ShopYaml;
  for (const site of Object.values(shop.sites)) {
    site.driver = 'memory';
    delete site.folder;
  }
  for (const check of shop.workloads.flatMap(({ checks }) => checks)) check.within = '1s';
  for (const record of shop.traffic) record.provider = { driver: 'memory' };
  return stringify(shop);
}
