import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EvidenceChain } from '../../../evidence/evidence-chain';
import { FolderStore } from '../../../evidence/folder-store';
import { inParallel } from '../../../evidence/in-parallel';

/** A folder that knows how many ask it at once. */
class WatchedFolder extends FolderStore {
  most = 0;
  private now = 0;

  override async get(key: string): Promise<string | undefined> {
    this.now += 1;
    this.most = Math.max(this.most, this.now);
    try {
      return await super.get(key);
    } finally {
      this.now -= 1;
    }
  }
}

test('a chain is verified by 32 reads at once, however long it is, so that a bucket far away is not waited for each time', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-evidence-'));
  try {
    const writer = new EvidenceChain(new FolderStore(folder), 'shop');
    for (let number = 1; number <= 80; number += 1) {
      const report = { kind: 'report', id: `report/${number}`, at: '2026-11-29T10:00:00.000Z' } as const;
      await writer.append(report, () => ({ number }));
    }
    const store = new WatchedFolder(folder);
    const { entries, faults } = await new EvidenceChain(store, 'shop').verify();
    expect({ entries: entries.length, faults, most: store.most }).toEqual({ entries: 80, faults: [], most: 32 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is read at once is given back in its order, and the first failure is told', async () => {
  const items = Array.from({ length: 100 }, (_, index) => index);
  const late = async (item: number): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, (100 - item) % 7));
    return item * 2;
  };
  expect(await inParallel(items, late)).toEqual(items.map((item) => item * 2));
  await expect(
    inParallel(items, (item) => (item === 40 ? Promise.reject(new Error('gone')) : late(item))),
  ).rejects.toThrow('gone');
});
