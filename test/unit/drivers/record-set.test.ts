import fc from 'fast-check';
import { applyBatch, type RecordSet } from '../../../drivers/local/dns/record-set';

const paris: RecordSet = { name: 'shop.test', type: 'A', ttl: 30, values: ['127.0.1.1', '127.0.1.2'] };
const berlin: RecordSet = { ...paris, values: ['127.0.2.1'] };

test('DELETE of what was read and CREATE of what shall be replaces it', () => {
  const outcome = applyBatch(
    [paris],
    [
      { action: 'DELETE', ...paris },
      { action: 'CREATE', ...berlin },
    ],
  );
  expect(outcome).toEqual({ kind: 'applied', sets: [berlin] });
});

test('the order of values does not matter', () => {
  const reversed = { action: 'DELETE', ...paris, values: [...paris.values].reverse() };
  expect(applyBatch([paris], [reversed])).toEqual({ kind: 'applied', sets: [] });
});

test('of any two batches made from the same reading, the second is refused', () => {
  const address = fc.ipV4().map((value) => ({ ...paris, values: [value] }));
  const property = fc.property(address, address, address, (read, first, second) => {
    fc.pre(first.values[0] !== read.values[0]);
    const swap = (next: RecordSet) => [
      { action: 'DELETE', ...read },
      { action: 'CREATE', ...next },
    ];
    const afterFirst = applyBatch([read], swap(first));
    expect(afterFirst.kind).toBe('applied');
    if (afterFirst.kind !== 'applied') return;
    expect(applyBatch(afterFirst.sets, swap(second))).toMatchObject({ kind: 'refused', code: 'RecordChanged' });
  });
  fc.assert(property);
});

test.each([[null], ['DELETE'], [{}], [[]], [{ ...paris, action: 'DELETE', ttl: '30' }]])(
  '%j is no change',
  (change) => {
    expect(applyBatch([paris], [change])).toMatchObject({ kind: 'refused', code: 'InvalidChange' });
  },
);

test('an empty batch is refused', () => {
  expect(applyBatch([paris], [])).toMatchObject({ kind: 'refused', code: 'InvalidChange' });
});
