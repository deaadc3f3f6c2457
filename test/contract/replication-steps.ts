import type { SyncRequest } from '../../drivers/ports';
import { mutation, quietly } from './contract';
import type { FileToWrite, ReplicationFixture } from './replication-fixture';

export const orders = (count: number): FileToWrite => ({
  path: 'orders.log',
  content: Array.from({ length: count }, (_, index) => `order ${index + 1}\n`).join(''),
});

export const manyFiles = (count: number, content: string): readonly FileToWrite[] =>
  Array.from({ length: count }, (_, index) => ({ path: `parts/part-${index}.txt`, content: `${content} ${index}\n` }));

/** The request of a pass from `site` to `peer`. */
export function passOf(fixture: ReplicationFixture, epoch: number, more: Partial<SyncRequest> = {}): SyncRequest {
  const { volume, site, peer } = fixture;
  return { ...mutation(fixture, epoch), volume, source: site, target: peer, final: false, ...more };
}

/** An active volume of that epoch with three orders at `site`. */
export async function activeSource(fixture: ReplicationFixture, epoch: number): Promise<void> {
  const { driver, site, volume } = fixture;
  await fixture.write(site, volume, [orders(3)]);
  await driver.claim(site, volume, mutation(fixture, epoch), quietly());
}

/** An active source of that epoch, and its replica at `peer`. */
export async function replicated(fixture: ReplicationFixture, epoch: number): Promise<void> {
  await activeSource(fixture, epoch);
  await fixture.driver.sync(passOf(fixture, epoch), quietly());
}
