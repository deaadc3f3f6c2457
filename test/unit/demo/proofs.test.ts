import { longestInterruption, parseAcknowledgements, type Acknowledgement } from '../../../demo/shop/acknowledgement';
import { noHash, sealRecord, type OrderRecord } from '../../../demo/shop/order-record';
import {
  everyAcknowledgedOrderOnceInOrder,
  exactlyTheNamedOrdersAreLost,
  neverTwoLedgersAtOnce,
} from '../../../demo/shop/proofs';

/** A log with these orders, written by paris in epoch 1. */
function logOf(ids: readonly string[]): string {
  const records: OrderRecord[] = [];
  for (const [index, id] of ids.entries()) {
    const prev = records.at(-1)?.hash ?? noHash;
    records.push(sealRecord({ seq: index + 1, id, epoch: 1, site: 'paris', at: '', order: { id }, prev }));
  }
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

function ack(id: string, seq: number, changes: Partial<Acknowledgement> = {}): Acknowledgement {
  return { id, seq, epoch: 1, site: 'paris', sentAt: seq * 10, ackedAt: seq * 10 + 5, attempts: 1, ...changes };
}

describe('every acknowledged order is there, once and in order', () => {
  const acks = [ack('a', 1), ack('b', 2), ack('c', 3)];

  test.each([
    ['all are there', acks, ['a', 'b', 'c']],
    ['an unacknowledged one is there as well', [ack('a', 1), ack('c', 3)], ['a', 'b', 'c']],
    ['two were under way at a time', [ack('a', 1, { ackedAt: 99 }), ack('b', 2, { sentAt: 5 })], ['a', 'b']],
    ['nothing was ordered', [], []],
  ])('holds: %s', (_, given, ids) => {
    expect(everyAcknowledgedOrderOnceInOrder(given, logOf(ids))).toMatchObject({ holds: true, evidence: [] });
  });

  test.each([
    ['one is missing', acks, logOf(['a', 'b']), 'order c (record 3, paris, epoch 1) is not in the log'],
    ['one is there twice', acks, logOf(['a', 'b', 'c', 'a']), 'order a is in the log more than once'],
    ['one has another number', [ack('b', 1)], logOf(['a', 'b']), 'order b (record 1, paris, epoch 1) is record 2'],
    [
      'a later order has a lower number',
      [ack('b', 2), ack('a', 1, { sentAt: 70 })],
      logOf(['a', 'b']),
      'was sent after',
    ],
    [
      'a record was changed',
      acks,
      logOf(['a', 'b', 'c']).replace('"site":"paris"', '"site":"rome"'),
      'was changed after',
    ],
    ['a line was cut out', [], logOf(['a', 'b', 'c']).replace(/\n.*\n/, '\n'), 'does not follow the one before'],
    ['a line is no record', [], `${logOf(['a'])}nonsense\n`, 'line 2 is no record'],
  ])('does not hold: %s', (_, given, log, evidence) => {
    const proof = everyAcknowledgedOrderOnceInOrder(given, log);
    expect(proof.holds).toBe(false);
    expect(proof.evidence.join('\n')).toContain(evidence);
  });
});

describe('exactly the orders that the report names are lost', () => {
  const loss = { epoch: 1, fromRecord: 3 };
  const acks = [
    ack('a', 1),
    ack('b', 2),
    ack('lost', 3),
    ack('c', 3, { epoch: 2, site: 'berlin', sentAt: 50, ackedAt: 60 }),
  ];

  test('holds', () => {
    const proof = exactlyTheNamedOrdersAreLost(acks, logOf(['a', 'b', 'c']), loss);
    expect(proof).toMatchObject({ holds: true, saw: '4 acknowledged orders, 1 named as lost, 3 kept' });
  });

  test.each([
    ['one more is missing', ['a', 'c'], loss, 'the report does not name it'],
    ['a named one is there', ['a', 'b', 'lost'], loss, 'is named as lost, but is there'],
    ['the report names none', ['a', 'b', 'c'], { epoch: 0, fromRecord: 1 }, 'the report does not name it'],
    ['the report names too many', ['a', 'b', 'c'], { epoch: 1, fromRecord: 2 }, 'is named as lost, but is there'],
  ])('does not hold: %s', (_, ids, named, evidence) => {
    const proof = exactlyTheNamedOrdersAreLost(acks, logOf(ids), named);
    expect(proof.holds).toBe(false);
    expect(proof.evidence.join('\n')).toContain(evidence);
  });
});

describe('never two ledgers at once', () => {
  const reign = (site: string, epoch: number, times: readonly number[]): readonly Acknowledgement[] =>
    times.map((ackedAt, index) => ack(`${site}-${epoch}-${index}`, index + 1, { site, epoch, ackedAt }));

  test.each([
    ['one after the other', [...reign('paris', 1, [1, 5]), ...reign('berlin', 2, [6, 9]), ...reign('paris', 3, [10])]],
    ['in any order of the file', [...reign('berlin', 2, [9, 6]), ...reign('paris', 1, [5, 1])]],
    ['only one', reign('paris', 1, [1, 2, 3])],
    ['none', []],
  ])('holds: %s', (_, acks) => {
    expect(neverTwoLedgersAtOnce(acks)).toMatchObject({ holds: true });
  });

  test.each([
    ['they overlap', [...reign('paris', 1, [1, 6]), ...reign('berlin', 2, [5, 9])]],
    [
      'one within the other',
      [...reign('paris', 1, [1, 9]), ...reign('berlin', 2, [4, 5]), ...reign('rome', 3, [7, 12])],
    ],
    ['at the very same moment', [...reign('paris', 1, [1, 5]), ...reign('berlin', 2, [5, 9])]],
    ['two epochs of one site', [...reign('paris', 1, [1, 6]), ...reign('paris', 2, [5, 9])]],
  ])('does not hold: %s', (_, acks) => {
    const proof = neverTwoLedgersAtOnce(acks);
    expect(proof.holds).toBe(false);
    expect(proof.evidence.length).toBeGreaterThan(0);
  });

  test('one ledger within another and a third that still overlaps the first are both seen', () => {
    const acks = [...reign('paris', 1, [1, 9]), ...reign('berlin', 2, [4, 5]), ...reign('rome', 3, [7, 12])];
    expect(neverTwoLedgersAtOnce(acks).evidence).toHaveLength(2);
  });
});

describe('the interruption that customers saw', () => {
  const acks = [10, 20, 500, 510, 900].map((ackedAt) => ({ ackedAt }));

  test.each([
    ['of all', undefined, { milliseconds: 480, from: 20, to: 500 }],
    ['of a range', { from: 505, to: 1_000 }, { milliseconds: 390, from: 510, to: 900 }],
    ['of a range that the gap began before', { from: 450, to: 505 }, { milliseconds: 480, from: 20, to: 500 }],
    ['of a range after everything', { from: 2_000, to: 3_000 }, undefined],
  ])('%s', (_, range, expected) => {
    expect(longestInterruption(acks, range)).toEqual(expected);
  });

  test('acknowledgements that came out of order are sorted', () => {
    expect(longestInterruption([...acks].reverse())).toEqual({ milliseconds: 480, from: 20, to: 500 });
  });

  test('one acknowledgement shows none', () => {
    expect(longestInterruption([{ ackedAt: 1 }])).toBeUndefined();
  });
});

test('a torn last line of the file of acknowledgements is left out', () => {
  expect(parseAcknowledgements(`${JSON.stringify(ack('a', 1))}\n{"id":"b","se`)).toEqual([ack('a', 1)]);
});
