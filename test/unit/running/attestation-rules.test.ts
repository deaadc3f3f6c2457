import type { AttestationInput } from '../../../core/model/attestation';
import type { ProtectionState } from '../../../core/model/protection';
import { attestationStatement, refuseAttestation, type AttestMessage } from '../../../core/running/attestation-rules';
import { attestationInputShape } from '../../../core/running/attestation-shapes';
import { attestedAs, drillCounts, drillNoted, MOST_NAMED, unattestedCount } from '../../../core/running/drill-record';
import { problemsOf, protectionInputShape } from '../../../core/running/protection-shapes';

const at = '2026-12-05T12:00:00.000Z';
const asked: AttestationInput = {
  drill: {
    workflowId: 'drill/shop/1',
    runId: 'r1',
    group: 'shop',
    planHash: 'abcdef0123456789',
    requestedBy: 'rey',
    verdict: 'completed',
    because: 'every step is done and verified',
    startedAt: '2026-12-05T10:00:00.000Z',
    endedAt: '2026-12-05T10:01:00.000Z',
    facts: { site: 'beta', healthySeconds: 12, data: [{ volume: 'orders' }], byHand: [] },
  },
  policy: { by: ['ana@example.com', 'sig'], remindSeconds: 60 },
  keys: { sig: 'key-of-sig' },
  notices: [],
};
const said: AttestMessage = { by: 'ana@example.com', verdict: 'passed', notes: 'all there' };
const signature = { at, value: 'x' };
const anyone = { ...asked, policy: { by: [], remindSeconds: 60 } };
const signedOnly = { ...anyone, policy: { ...anyone.policy, signed: 'required' as const } };
const closed = { ...asked, attestation: { verdict: 'failed', by: 'bo', notes: 'no', at, via: 'signal' } as const };

describe('whether a message is taken', () => {
  test.each([
    ['one of those who may, in any letter case', asked, { ...said, by: 'Ana@Example.com' }],
    ['anyone where nobody is named', anyone, { ...said, by: 'whoever' }],
    ['the beginning of the hash of the plan', asked, { ...said, planHash: 'abcdef01' }],
    ['signed by one with a key', asked, { ...said, by: 'Sig', signature }],
    ['signed where that is required', signedOnly, { ...said, by: 'sig', signature }],
  ])('%s: taken', (_, view, message) => {
    expect(refuseAttestation(view, message)).toBeUndefined();
  });

  test.each([
    ['after it was attested', closed, said, `bo has attested this drill as failed at ${at}, and that stands`],
    [
      'by somebody who may not',
      asked,
      { ...said, by: 'bo' },
      '"bo" may not attest this drill; it asks ana@example.com, sig',
    ],
    [
      'about another plan',
      asked,
      { ...said, planHash: 'c0ffee' },
      'the plan of this drill was abcdef012345, not c0ffee',
    ],
    ['unsigned, by one with a key', asked, { ...said, by: 'SIG' }, '"SIG" has a key: sign it'],
    ['unsigned, by one with a key, where anyone may', anyone, { ...said, by: 'sig' }, '"sig" has a key: sign it'],
    [
      'signed by one without a key',
      asked,
      { ...said, signature },
      'no publicKey of "ana@example.com": the signature proves',
    ],
    [
      'without a key where signatures are required',
      signedOnly,
      { ...said, signature },
      'with a signature only, and the runbook',
    ],
  ])('%s: refused', (_, view, message, because) => {
    expect(refuseAttestation(view, message)).toContain(because);
  });

  test('what is signed names the run, the plan and every word', () => {
    const message = { ...said, evidence: 'https://example.com/7', at };
    const text = attestationStatement(asked.drill, message);
    expect(JSON.parse(text)).toEqual([
      'switchback statement 2',
      'attest',
      'drill/shop/1',
      'r1',
      'abcdef0123456789',
      'attestation',
      1,
      'ana@example.com',
      'passed https://example.com/7',
      'all there',
      at,
    ]);
  });
});

const group: ProtectionState = {
  group: 'shop',
  phase: 'Protected',
  activeSite: 'primary',
  epoch: 1,
  highestEpoch: 1,
  replication: { direction: 'none', paused: true, asOf: {} },
  fencing: { primary: 'unfenced', recovery: 'unfenced' },
  runs: [],
};
const held = (n: number) => ({ workflowId: `drill/shop/${n}`, runId: `r${n}`, endedAt: at });
const attested = (n: number, verdict: 'passed' | 'failed' = 'passed') => ({ ...held(n), verdict, by: 'ana', at });
const noted = (...drills: Parameters<typeof drillNoted>[1][]): ProtectionState => drills.reduce(drillNoted, group);

describe('the record of a group', () => {
  test('counts what was held, passed, failed and not attested, in any order and however often it is heard', () => {
    const { drills } = noted(
      held(1),
      held(2),
      held(2),
      attested(1),
      attested(1),
      held(1),
      attested(3, 'failed'),
      held(3),
    );
    expect(drills).toEqual({
      passed: 1,
      failed: 1,
      unattested: [held(2)],
      more: 0,
      attested: [attested(3, 'failed'), attested(1)],
    });
    expect(drills && drillCounts(drills)).toBe('3 held: 1 passed, 1 failed, 1 not attested');
  });

  test('names a bounded number of drills and counts the rest', () => {
    const many = Array.from({ length: MOST_NAMED + 10 }, (_, n) => held(n));
    const full = noted(...many);
    expect(full.drills && unattestedCount(full.drills)).toBe(MOST_NAMED + 10);
    expect(full.drills?.unattested).toHaveLength(MOST_NAMED);
    const all = many.map((_, n) => attested(n)).reduce(drillNoted, full);
    expect(all.drills).toMatchObject({ passed: MOST_NAMED + 10, unattested: [], more: 0 });
    expect(all.drills?.attested).toHaveLength(50);
    expect(problemsOf(protectionInputShape, { runbook: 'shop', state: full })).toBeUndefined();
    expect(problemsOf(protectionInputShape, { runbook: 'shop', state: all })).toBeUndefined();
  });

  test('says of each run what people said of it', () => {
    const { drills } = noted(held(1), attested(2), { ...attested(3, 'failed'), keyId: '12ab' });
    expect(['r1', 'r2', 'r3', 'r4'].map((run) => attestedAs(drills, run))).toEqual([
      ', not attested',
      ', attested as passed by ana',
      ', attested as failed by ana (signed)',
      '',
    ]);
    expect(attestedAs(undefined, 'r1')).toBe('');
  });
});

test.each([
  ['nothing', undefined],
  ['a name', 'shop'],
  ['no drill', { ...asked, drill: {} }],
  ['reminders without a pause', { ...asked, policy: { by: [], remindSeconds: 0 } }],
  ['a time that is none', { ...asked, progress: { since: 'yesterday', reminders: 1 } }],
])('an attestation is not begun with %s', (_, input) => {
  expect(problemsOf(attestationInputShape, input)).toBeDefined();
  expect(problemsOf(attestationInputShape, asked)).toBeUndefined();
});
