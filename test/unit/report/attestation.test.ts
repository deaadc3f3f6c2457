import fc from 'fast-check';
import type { AttestationStatus } from '../../../core/model/attestation';
import type { Attestation } from '../../../core/model/run';
import { attestationDetails } from '../../../core/report/attestation-details';
import { drillText } from '../../../core/report/attestation-text';
import { buildReport } from '../../../core/report/build-report';
import { groupDetails } from '../../../core/report/group-details';
import { renderAttestation } from '../../../core/report/render-attestation';
import { renderMarkdown } from '../../../core/report/render-markdown';
import { plannedFailback } from './scenarios';

const now = '2026-12-06T10:00:00.000Z';
const workflowId = 'attestation/drill/shop/1/0000000a';
const status: AttestationStatus = {
  workflowId,
  drill: {
    workflowId: 'drill/shop/1',
    runId: '11111111-0000000a',
    group: 'shop',
    planHash: 'a'.repeat(64),
    requestedBy: 'rey',
    verdict: 'completed-with-issues',
    because: 'left out or done by hand: check-health/web@beta',
    startedAt: '2026-12-05T10:00:00.000Z',
    endedAt: '2026-12-05T10:01:30.000Z',
    facts: {
      site: 'beta',
      healthySeconds: 12,
      data: [{ volume: 'orders', asOf: '2026-12-05T09:59:58.000Z' }, { volume: 'invoices' }],
      byHand: ['check-health/web@beta'],
    },
  },
  who: ['ana@example.com'],
  since: '2026-12-05T10:01:30.000Z',
  reminders: 0,
  answers: [{ message: 'attest', payload: { by: 'ana@example.com', verdict: 'passed', notes: 'what was seen' } }],
};
const said: Attestation = {
  verdict: 'failed',
  by: 'ana@example.com',
  notes: 'prices were old',
  evidence: 'https://wiki.example.com/7',
  at: now,
  via: 'signal',
  signed: { at: now, keyId: '12ab34cd56ef7890' },
};

test('what there is to know of a drill, as one line', () => {
  expect(drillText(status.drill)).toBe(
    'completed-with-issues: left out or done by hand: check-health/web@beta; took 1 min 30 s; its copy at beta was healthy ' +
      'after 12 s; orders as of 2026-12-05T09:59:58.000Z; invoices as of unknown; left out or done by hand: check-health/web@beta',
  );
});

describe('current details', () => {
  test('name the drill, who may attest it, and the exact message', () => {
    const markdown = attestationDetails({ ...status, reminders: 3, remindedAt: now, lastRefusal: 'attest: no' }, now);
    expect(markdown).toContain('**Drill of `shop`: waits to be attested**');
    expect(markdown).toContain('Reminded 3 times, last at 2026-12-06T10:00:00.000Z');
    expect(markdown).toContain('Send a Signal or Update named `attest`:');
    expect(markdown).toContain('{"by":"ana@example.com","verdict":"passed","notes":"what was seen"}');
    expect(markdown).toContain('**Last message refused:** attest: no');
  });

  test('say who attested it, and ask nothing any more', () => {
    const markdown = attestationDetails({ ...status, attestation: said, answers: [] }, now);
    expect(markdown).toContain('**Drill of `shop`: attested as failed**');
    expect(markdown).toContain('signed, key 12ab34cd56ef7890');
    expect(markdown).not.toContain('Signal');
  });

  test('hostile texts: under 4,000 bytes, nothing forged', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.constantFrom('# forged\n\n**Ended**', '<b>x</b>', '```\nforged', '[a](https://example.com)'),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const drill = { ...status.drill, workflowId: text, group: text, because: text, requestedBy: text };
        const markdown = attestationDetails(
          { ...status, drill, who: [text, text], lastRefusal: text, attestation: { ...said, by: text, notes: text } },
          now,
        );
        expect(Buffer.byteLength(markdown)).toBeLessThan(4000);
        expect(markdown).not.toMatch(/^# forged|<b>|^\[a\]\(/m);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the report of a drill', () => {
  const asked = {
    ...plannedFailback,
    events: [...plannedFailback.events, { at: now, kind: 'attestation-asked' as const, workflowId }],
  };

  test('of a run that nobody asks about says nothing of it', () => {
    expect(buildReport(plannedFailback).attestation).toBeUndefined();
    expect(renderMarkdown(buildReport(plannedFailback))).not.toContain('ttested');
  });

  test.each([
    ['when it ends', undefined, 'asked', 'by nobody yet: `attestation/drill/shop/1/0000000a` waits'],
    ['before anybody said anything', status, 'asked', 'by nobody yet'],
    ['when it cannot be asked any more', null, 'unknown', 'cannot be asked any more'],
  ])('%s', (_, attestation, state, says) => {
    const report = buildReport({ ...asked, ...(attestation !== undefined && { attestation }) });
    expect(report.attestation).toMatchObject({ state, workflowId });
    expect(renderMarkdown(report)).toContain(says);
  });

  test('once it was attested: who, how, when, what, and after how many reminders', () => {
    const report = buildReport({ ...asked, attestation: { ...status, reminders: 2, attestation: said } });
    expect(report.attestation).toMatchObject({ state: 'failed', said, reminders: 2 });
    const markdown = renderMarkdown(report);
    expect(markdown).toContain('| Attested as | **failed** by ana&#64;example.com |');
    expect(markdown).toContain('signed with key `12ab34cd56ef7890`');
    expect(markdown).toContain('by signal; after 2 reminders');
  });

  test('beside it the attestation stands alone', () => {
    const { signed: _, ...claimed } = said;
    const markdown = renderAttestation({ drill: status.drill, attestation: claimed, reminders: 0 });
    expect(markdown).toContain('# drill of shop: attested as failed');
    expect(markdown).toContain('claimed');
    expect(markdown).toContain('nobody had to be reminded');
    expect(markdown).toContain('`11111111-0000000a`');
  });
});

test('the details of the group count the drills and say of each run what people said of it', () => {
  const drill = { workflowId: 'drill/shop/1', runId: 'r1', endedAt: now };
  const run = { ...drill, operation: 'drill', verdict: 'completed', startedAt: now, finishedAt: now } as const;
  const markdown = groupDetails(
    {
      group: 'shop',
      phase: 'Protected',
      activeSite: 'primary',
      epoch: 1,
      highestEpoch: 1,
      replication: { direction: 'none', paused: true, asOf: {} },
      fencing: { primary: 'unfenced', recovery: 'unfenced' },
      runs: [run, { ...run, runId: 'r2' }],
      drills: {
        passed: 4,
        failed: 1,
        more: 1,
        unattested: [drill],
        attested: [{ ...drill, runId: 'r2', verdict: 'passed', by: 'ana', at: now }],
      },
    },
    now,
  );
  expect(markdown).toContain('**2 drills wait for attestation**; the oldest is `attestation/drill/shop/1/r1` since');
  expect(markdown).toContain('completed, attested as passed by ana');
  expect(markdown).toContain('completed, not attested');
  expect(markdown).toContain('Drills: 7 held: 4 passed, 1 failed, 2 not attested.');
});
