import { samePerson } from '../../model/person-name';
import { decisionWords, type RunEvent } from '../../model/run';
import { attestationText } from '../attestation-text';
import { leftLines } from '../../running/left-as';
import type { RunHistory } from '../history/run-history';
import type { TimelineEntry } from '../report';

/** Begins and ends of single steps are in the tables of steps; what people follow is the rest. */
export const toldByTables: readonly RunEvent['kind'][] = ['step-scheduled', 'step-done', 'compensation-scheduled'];

/** Every event as a sentence; steps by their titles. */
export function timeline(history: RunHistory): TimelineEntry[] {
  const titles = new Map(
    [...(history.plan?.steps ?? []), ...(history.plan?.rollback ?? [])].map(({ id, title }) => [id, title]),
  );
  return history.events.map(({ event }) => ({
    at: event.at,
    kind: event.kind,
    what: sentence(event, (id) => titles.get(id) ?? id),
    ...('step' in event && { step: event.step }),
  }));
}

function sentence(event: RunEvent, title: (id: string) => string): string {
  if ('step' in event) return stepSentence(event, title(event.step));
  switch (event.kind) {
    case 'run-started':
      return `started by ${event.requestedBy}${because(event.reason)}`;
    case 'plan-pinned':
      return `plan ${event.hash} pinned`;
    case 'committed':
      return 'commit point passed: forward only from here';
    case 'rollback-started':
      return `rollback asked for by ${event.by}${because(event.reason)}`;
    case 'run-finished':
      return `ended: ${event.verdict}${because(event.because)}`;
    case 'message':
      return `message ${event.name} from ${event.by}${because(event.reason)}`;
    case 'message-refused':
      return `message ${event.name} refused${because(event.because)}`;
    case 'decision': {
      const { by, decision, gate, comment, evidence, via, signed } = event.decision;
      const how = `${via}, ${signed ? 'signed' : 'claimed'}`;
      const proof = evidence === undefined ? '' : `; evidence: ${evidence}`;
      return `${by} ${decisionWords[decision]} ${gate} (${how})${because(comment)}${proof}`;
    }
    case 'decision-withdrawn':
      return `${event.by} took the decision at ${event.gate} back${because(event.comment)}`;
    case 'delegated': {
      const { by, to, gate, comment } = event.delegation;
      const what = samePerson(by, to) ? `${by} decides again` : `${by} lets ${to} decide`;
      return `${what} at ${gate}${because(comment)}`;
    }
    case 'notice':
      return `notice ${event.name} (${event.about}) ${event.sent ? 'sent' : 'not sent'}: ${event.saw}`;
    case 'gate-reminded':
      return `reminded of gate ${event.gate}: ${event.missing} missing`;
    case 'left-as':
      return `left as it is: ${leftLines(event.left).join('. ')}`;
    case 'attestation-asked':
      return `a person is asked in ${event.workflowId} whether it passed`;
    case 'attestation-reminded':
      return `reminder ${event.reminders} of the attestation`;
    case 'attested':
      return `attested as ${attestationText(event.attestation)}`;
    case 'gate-expired':
      return `gate ${event.gate} expired${event.then === 'ask-again' ? ', everybody is asked again' : ''}`;
  }
}

type StepEvent = Extract<RunEvent, { step: string }>;

function stepSentence(event: StepEvent, title: string): string {
  switch (event.kind) {
    case 'step-scheduled':
      return `begun: ${title}`;
    case 'step-done':
      return `done: ${title}${because(event.result.summary)}`;
    case 'step-failed':
      return `failed: ${title}${because(`${event.error.code}: ${event.error.message}`)}`;
    case 'step-skipped':
      return `skipped by ${event.by}: ${title}${because(event.reason)}`;
    case 'step-marked-done':
      return `marked as done by ${event.by}: ${title}${because(event.reason)}; ${event.verified === undefined ? 'only claimed' : `verified: ${event.verified}`}`;
    case 'gate-opened':
      return `gate ${event.gate} opened${because(event.prompt)}`;
    case 'gate-passed':
      return `gate ${event.gate} passed${because(event.saw)}`;
    case 'compensation-scheduled':
      return `compensation begun: ${title}`;
    case 'compensation-done':
      return `compensation done: ${title}${because(event.result.summary)}`;
    case 'compensation-failed':
      return `compensation failed: ${title}${because(`${event.error.code}: ${event.error.message}`)}`;
  }
}

const because = (reason: string | undefined): string => (reason ? `: ${reason}` : '');
