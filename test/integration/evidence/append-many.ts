import { EvidenceChain } from '../../../evidence/evidence-chain';
import { FolderStore } from '../../../evidence/folder-store';

/** Appends to the chain of "shop" in a folder, one after the other, and says the id of each once it is kept. Until it is killed. */
async function appendMany(folder: string, name: string, count: number): Promise<void> {
  const chain = new EvidenceChain(new FolderStore(folder), 'shop');
  for (let number = 1; number <= count; number += 1) {
    const id = `report/${name}/${number}`;
    await chain.append({ kind: 'report', id, at: new Date().toISOString() }, (before) => ({
      ...{ before, number, filling: 'x'.repeat(20_000) },
    }));
    process.stdout.write(`${id}\n`);
  }
}

if (require.main === module) {
  const [folder = '', name = '', count = ''] = process.argv.slice(2);
  void appendMany(folder, name, Number(count));
}
