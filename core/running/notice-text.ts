import type { Notice } from '../model/notice';
import type { RunEvent } from '../model/run';

type Told = Pick<Notice, 'kind' | 'text' | 'verdict' | 'gate'>;
type Tellers = {
  readonly [Kind in RunEvent['kind']]?: (event: Extract<RunEvent, { kind: Kind }>, what: string) => Told;
};

const tellers: Tellers = {
  'plan-pinned': (_event, what) => ({ kind: 'start', text: `${what} has begun` }),
  'gate-opened': ({ gate, prompt }, what) => ({
    kind: 'gate-open',
    gate,
    text: `${what} waits at gate ${gate}: ${prompt}`,
  }),
  'gate-reminded': ({ gate, missing }, what) => ({
    kind: 'reminder',
    gate,
    text: `${what} still waits at gate ${gate}: ${missing} missing`,
  }),
  'step-failed': ({ step, error }, what) => ({
    kind: 'step-failed',
    text: `${what}: ${step} failed: ${error.code}: ${error.message}`,
  }),
  'compensation-failed': ({ step, error }, what) => ({
    kind: 'step-failed',
    text: `${what}: undoing ${step} failed: ${error.code}: ${error.message}`,
  }),
  'attestation-asked': ({ workflowId }, what) => ({
    kind: 'attestation',
    text: `${what} is over and waits for somebody to say whether it passed, in ${workflowId}`,
  }),
  'attestation-reminded': ({ reminders }, what) => ({
    kind: 'attestation',
    text: `${what} still waits for somebody to say whether it passed (reminder ${reminders})`,
  }),
  attested: ({ attestation: { verdict, by, notes } }, what) => ({
    kind: 'attestation',
    verdict,
    text: `${what} was attested as ${verdict} by ${by}: ${notes}`,
  }),
  'run-finished': ({ verdict, because }, what) => ({
    kind: 'done',
    verdict,
    text: `${what} ended: ${verdict}: ${because}`,
  }),
};

/** What people are told of an event of `what` ("failback of shop"); undefined of most events. */
export const noticeOf = (event: RunEvent, what: string): Told | undefined =>
  // The table gives each kind its own event, which the compiler cannot follow through the lookup.
  (tellers[event.kind] as ((event: RunEvent, what: string) => Told) | undefined)?.(event, what);
