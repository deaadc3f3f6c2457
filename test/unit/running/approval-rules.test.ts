import * as fc from 'fast-check';
import type { ApprovalGate } from '../../../core/model/runbook';
import type { Decision, Delegation } from '../../../core/model/run';
import {
  askedAgain,
  delegated,
  emptyLedger,
  keyFor,
  neverGiven,
  placesOf,
  refuseDecider,
  refuseDelegation,
  standingOf,
  type GateLedger,
} from '../../../core/running/approval-rules';

const at = '2026-12-05T22:00:00.000Z';
const sre = ['ana', 'bo', 'cy'];
const owners = ['cy', 'di'];
const bothGroups: Partial<ApprovalGate> = {
  name: 'cutover',
  approvers: [...new Set([...sre, ...owners])],
  notRequester: true,
  quorum: [
    { group: 'sre', count: 1, people: sre },
    { group: 'owners', count: 1, people: owners },
  ],
};

const question = (gate: Partial<ApprovalGate>, requester = 'rey') => ({ gate, requester });
const decided = (by: string, decision: Decision['decision'] = 'approve'): Decision => ({
  gate: 'cutover',
  by,
  decision,
  at,
  via: 'update',
  planHash: 'hash',
});
const gave = (by: string, to: string): Delegation => ({ gate: 'cutover', by, to, at });
const ledger = (decisions: readonly Decision[], delegations: readonly Delegation[] = []): GateLedger => ({
  decisions,
  delegations,
});
const approvedBy = (...people: readonly string[]): GateLedger => ledger(people.map((by) => decided(by)));

describe('who may decide', () => {
  test.each<[string, Partial<ApprovalGate>, string, GateLedger, RegExp | undefined]>([
    ['anyone where nobody is named', {}, 'eve', emptyLedger, undefined],
    ['one of those who are named', { approvers: ['ana'] }, 'ana', emptyLedger, undefined],
    ['nobody else', { name: 'cutover', approvers: ['ana'] }, 'eve', emptyLedger, /may not decide.*asks ana/],
    ['not who asked for the run', { notRequester: true }, 'rey', emptyLedger, /has asked for this run/],
    ['not who asked, in another spelling', { notRequester: true }, ' REY', emptyLedger, /has asked for this run/],
    ['one of those who are named, in another spelling', { approvers: ['Ana'] }, 'aNA', emptyLedger, undefined],
    ['who asked for the run, where that may be', { notRequester: false }, 'rey', emptyLedger, undefined],
    [
      'not who gave the place away',
      { approvers: ['ana'] },
      'ana',
      ledger([], [gave('ana', 'eve')]),
      /delegated to eve/,
    ],
    ['who was given a place', { approvers: ['ana'] }, 'eve', ledger([], [gave('ana', 'eve')]), undefined],
    ['not who asked, whoever gave the place', { ...bothGroups }, 'rey', ledger([], [gave('ana', 'rey')]), /has asked/],
    [
      'not who was given the place of who asked',
      { approvers: ['Rey', 'ana'], notRequester: true },
      'eve',
      ledger([], [gave('rey', 'eve')]),
      /may not decide/,
    ],
  ])('%s', (_title, gate, by, known, refusal) => {
    const because = refuseDecider(question(gate), known, { by });
    if (refusal === undefined) expect(because).toBeUndefined();
    else expect(because).toMatch(refusal);
  });
});

test('whoever asked for the run may decline it', () => {
  const by = { by: 'rey', decision: 'decline' as const };
  expect(refuseDecider(question({ notRequester: true }), emptyLedger, by)).toBeUndefined();
  expect(refuseDecider(question({ notRequester: true, approvers: ['ana'] }), emptyLedger, by)).toMatch(
    /may not decide/,
  );
});

describe('what is missing', () => {
  test.each<[string, Partial<ApprovalGate>, GateLedger, string]>([
    ['one person, where nothing is asked', {}, emptyLedger, '1 of those who may decide'],
    ['nothing after one', {}, approvedBy('ana'), ''],
    ['one more of two', { required: 2 }, approvedBy('ana'), '1 of those who may decide'],
    ['one of each group', bothGroups, emptyLedger, '1 of sre and 1 of owners'],
    ['the other group', bothGroups, approvedBy('ana'), '1 of owners'],
    ['somebody in both groups counts once', bothGroups, approvedBy('cy'), '1 of owners'],
    ['and moves over for another one', bothGroups, approvedBy('cy', 'ana'), ''],
    ['and for one of the other group as well', bothGroups, approvedBy('cy', 'di'), ''],
    ['two of one group are not one of each', bothGroups, approvedBy('ana', 'bo'), '1 of owners'],
    [
      'more than the quorum',
      { ...bothGroups, required: 3 },
      approvedBy('ana'),
      '1 of owners and 1 more of those who may decide',
    ],
    ['one of each group, whatever the spelling', bothGroups, approvedBy('ANA', 'Di'), ''],
    ['a place that was given away', bothGroups, ledger([decided('eve'), decided('ana')], [gave('di', 'eve')]), ''],
  ])('%s', (_title, gate, known, missing) => {
    expect(standingOf(question(gate), known)).toEqual({ standing: missing === '' ? 'approved' : 'open', missing });
  });

  test('one decline is a decline, whoever approved', () => {
    const known = ledger([decided('ana'), decided('di', 'decline')]);
    expect(standingOf(question(bothGroups), known).standing).toBe('declined');
  });
});

describe('a delegation', () => {
  test.each<[string, GateLedger, string, string, RegExp | undefined]>([
    ['of a place that one has', emptyLedger, 'ana', 'eve', undefined],
    ['of a place that one does not have', emptyLedger, 'eve', 'bo', /may not decide/],
    ['to oneself', emptyLedger, 'ana', 'ana', /decides already/],
    ['after a decision', approvedBy('ana'), 'ana', 'eve', /withdraw that first/],
    ['to who asked for the run', emptyLedger, 'ana', 'rey', /may not decide/],
    ['of a place that was given away', ledger([], [gave('ana', 'eve')]), 'ana', 'bo', /has delegated to eve/],
    ['to somebody who gave the own one away', ledger([], [gave('bo', 'eve')]), 'ana', 'bo', /has delegated to eve/],
    ['of a place that was given to one', ledger([], [gave('ana', 'eve')]), 'eve', 'fay', undefined],
  ])('%s', (_title, known, by, to, refusal) => {
    const because = refuseDelegation(question(bothGroups), known, { by, to });
    if (refusal === undefined) expect(because).toBeUndefined();
    else expect(because).toMatch(refusal);
  });

  test('to somebody without a key is refused where decisions must be signed', () => {
    const gate = { ...bothGroups, signed: 'required' as const, keys: { ana: 'key' } };
    expect(refuseDelegation(question(gate), emptyLedger, { by: 'ana', to: 'eve' })).toMatch(/no publicKey of "eve"/);
    expect(keyFor(gate, 'ana')).toEqual({ key: 'key' });
    expect(keyFor({ keys: { ana: 'key' } }, 'bo')).toEqual({});
    expect(keyFor({ keys: { ana: 'key' } }, '__proto__')).toEqual({});
    expect(keyFor({ keys: { 'Ana@Example.com': 'key' } }, 'ana@example.COM')).toEqual({ key: 'key' });
  });

  test('is taken back by delegating to oneself, and what was decided in that place falls with it', () => {
    const back = (known: GateLedger): GateLedger => delegated(question(bothGroups), known, gave('Ana', 'ana'));
    const given = ledger([decided('eve'), decided('di')], [gave('ana', 'eve')]);
    expect(refuseDelegation(question(bothGroups), given, { by: 'ana', to: 'Ana' })).toBeUndefined();
    expect(back(given)).toEqual(ledger([decided('di')]));
    expect(refuseDecider(question(bothGroups), back(given), { by: 'ana' })).toBeUndefined();
    expect(refuseDecider(question(bothGroups), back(given), { by: 'eve' })).toMatch(/may not decide/);
    const alsoOther = ledger([decided('eve')], [gave('ana', 'eve'), gave('bo', 'eve')]);
    expect(back(alsoOther)).toEqual(ledger([decided('eve')], [gave('bo', 'eve')]));
  });

  test('every place is held by one person at most, in whatever order it went round', () => {
    const person = fc.constantFrom('ana', 'bo', 'cy', 'di', 'eve');
    fc.assert(
      fc.property(fc.array(fc.tuple(person, person)), (pairs) => {
        const known = pairs.reduce<GateLedger>((so, [by, to]) => {
          const possible = refuseDelegation(question({}), so, { by, to }) === undefined;
          return possible ? delegated(question({}), so, gave(by, to)) : so;
        }, emptyLedger);
        const places = ['ana', 'bo', 'cy', 'di', 'eve'].flatMap((one) => placesOf(known, one));
        expect([...places].sort()).toEqual(['ana', 'bo', 'cy', 'di', 'eve']);
      }),
    );
  });
});

test('who is asked again has said nothing, in an asking of its own, and cannot send an old signature again', () => {
  const before = { ...approvedBy('ana'), signedAt: { ana: at } };
  expect(askedAgain(before)).toEqual({ ...emptyLedger, asking: 2, signedAt: { ana: at } });
  expect(askedAgain(askedAgain(emptyLedger))).toEqual({ ...emptyLedger, asking: 3 });
});

test.each<[string, Partial<ApprovalGate>, string]>([
  ['nothing where anyone may', { notRequester: true }, ''],
  ['nothing where somebody else may', { approvers: ['Rey', 'ana'], notRequester: true }, ''],
  ['nothing where the requester may', { approvers: ['rey'], notRequester: false }, ''],
  ['somebody where the requester alone could', { approvers: ['Rey'], notRequester: true }, '1 of those who may decide'],
  [
    'one more where the requester is one of two',
    { approvers: ['rey', 'ana'], required: 2, notRequester: true },
    '1 of those who may decide',
  ],
  [
    'one of a group that the requester alone is in',
    { ...bothGroups, quorum: [{ group: 'owners', count: 1, people: ['rey'] }], approvers: ['rey', 'ana'] },
    '1 of owners',
  ],
  [
    'a seat where one person is all of both groups',
    {
      approvers: ['ana'],
      quorum: [
        { group: 'sre', count: 1, people: ['ana'] },
        { group: 'owners', count: 1, people: ['ana'] },
      ],
    },
    '1 of owners',
  ],
  [
    'one who has a key where two must sign',
    { approvers: ['ana', 'bo'], required: 2, signed: 'required', keys: { Ana: 'key' } },
    '1 of those who may decide',
  ],
  ['somebody with a key where anyone may sign', { signed: 'required' }, '1 of those who may decide'],
  ['nothing where anyone with a key may', { signed: 'required', keys: { ana: 'key' } }, ''],
])('what can never be given: %s', (_title, gate, missing) => {
  expect(neverGiven(question(gate))).toBe(missing);
});

test('a gate opens for those who approve in any order, and never for fewer', () => {
  const people = [...new Set([...sre, ...owners])];
  fc.assert(
    fc.property(fc.shuffledSubarray(people), fc.integer({ min: 1, max: 4 }), (approving, required) => {
      const gate = { ...bothGroups, required };
      const { standing } = standingOf(question(gate), approvedBy(...approving));
      const quorate = approving.some((one) =>
        approving.some((other) => one !== other && sre.includes(one) && owners.includes(other)),
      );
      expect(standing).toBe(quorate && approving.length >= required ? 'approved' : 'open');
    }),
  );
});
