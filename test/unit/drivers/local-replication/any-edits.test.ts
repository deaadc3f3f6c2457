import fc from 'fast-check';
import { dataOf, listing, lyon, makeLab, mutation, orders, paris, passRequest, quiet, type Lab } from './lab';
import { applyEdits, edits, type Edit } from './tree-edits';

const runs = { numRuns: 12 };

async function afterEdits(work: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = makeLab();
  try {
    await lab.driver.claim(paris, orders, mutation(1), quiet());
    await work(lab);
  } finally {
    lab.remove();
  }
}

const expectReplica = ({ folder }: Lab): void =>
  expect(listing(dataOf(folder, lyon))).toEqual(listing(dataOf(folder, paris)));

test('after any edits of any tree, each pass makes content, modes, times and links of the replica those of the source', async () => {
  const property = fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 4 }), (batches: readonly Edit[][]) =>
    afterEdits(async (lab) => {
      for (const batch of batches) {
        applyEdits(dataOf(lab.folder, paris), batch);
        await lab.driver.sync(passRequest(), quiet());
        expectReplica(lab);
      }
    }),
  );
  await fc.assert(property, runs);
}, 120_000);

test('after the direction was reversed, and reversed again, each pass is right all the same', async () => {
  const property = fc.asyncProperty(fc.tuple(edits, edits, edits), ([first, second, third]) =>
    afterEdits(async (lab) => {
      applyEdits(dataOf(lab.folder, paris), first);
      await lab.driver.sync(passRequest(), quiet());
      await lab.driver.claim(lyon, orders, mutation(2), quiet());
      applyEdits(dataOf(lab.folder, lyon), second);
      await lab.driver.sync(passRequest({ source: lyon, target: paris, epoch: 2 }), quiet());
      expectReplica(lab);
      await lab.driver.claim(paris, orders, mutation(3), quiet());
      applyEdits(dataOf(lab.folder, paris), third);
      await lab.driver.sync(passRequest({ epoch: 3, final: true }), quiet());
      expectReplica(lab);
    }),
  );
  await fc.assert(property, runs);
}, 120_000);

test('whatever is done to the volume, a recovery point stays what it was and brings exactly that back', async () => {
  const property = fc.asyncProperty(fc.tuple(edits, edits, edits, edits), ([first, second, third, fourth]) =>
    afterEdits(async (lab) => {
      const data = dataOf(lab.folder, paris);
      const taken: { readonly id: string; readonly tree: unknown }[] = [];
      for (const batch of [first, second, third]) {
        applyEdits(data, batch);
        const tree = listing(data);
        const { id } = await lab.driver.capture(
          { ...mutation(1), volume: orders, site: paris, consistency: 'application' },
          quiet(),
        );
        taken.push({ id, tree });
      }
      for (const { id, tree } of taken) {
        await lab.driver.restore({ ...mutation(1), volume: orders, site: paris, point: id }, quiet());
        expect(listing(data)).toEqual(tree);
        applyEdits(data, fourth);
      }
    }),
  );
  await fc.assert(property, runs);
}, 120_000);
