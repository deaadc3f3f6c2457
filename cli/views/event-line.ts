import { attestationText } from '../../core/report/attestation-text';
import { leftLines } from '../../core/running/left-as';
import type { RecoveryPlan } from '../../core/model/plan';
import { samePerson } from '../../core/model/person-name';
import { decisionWords, type RunEvent, type StepResult } from '../../core/model/run';
import { formatSeconds, formatTime, secondsBetween } from '../terminal/format';
import { span, type Line, type Span } from '../terminal/line';
import { verdictFormats } from './run-view';
import { symbols } from './symbols';

/** Titles of steps and compensations by id, from the plan; the id itself while there is none. */
export function titlesOf(plan: RecoveryPlan | null): (id: string) => string {
  const titles = new Map([...(plan?.steps ?? []), ...(plan?.rollback ?? [])].map(({ id, title }) => [id, title]));
  return (id) => titles.get(id) ?? id;
}

/** One event of a run as a line of a log: time of day here, symbol, what happened. Undefined for barriers. */
export function eventLine(event: RunEvent, titleOf: (id: string) => string): Line | undefined {
  if ('step' in event && event.step.startsWith('barrier/')) return undefined;
  return [span(`${formatTime(event.at)} `, 'dim'), ...describe(event, titleOf)];
}

const good = (text: string): Span => span(`${symbols.ok.text} ${text}`, 'green');
const bad = (text: string): Span => span(`${symbols.error.text} ${text}`, 'red');
const notable = (text: string): Span => span(`! ${text}`, 'yellow');
const asks = (text: string): Span => span(`◆ ${text}`, 'magenta');
const begins = (text: string): Span => span(`▶ ${text}`, 'cyan');
const why = (reason: string | undefined): Span => span(reason === undefined || reason === '' ? '' : `: ${reason}`);
const did = ({ summary, startedAt, finishedAt }: StepResult): Span =>
  span(`: ${summary} (${formatSeconds(secondsBetween(startedAt, finishedAt))})`);

type StepEvent = Extract<RunEvent, { readonly step: string }>;
type GateEvent = Extract<RunEvent, { readonly gate: string }>;

const isOfStep = (event: RunEvent): event is Exclude<StepEvent, GateEvent> => 'step' in event && !('gate' in event);

const describe = (event: RunEvent, titleOf: (id: string) => string): Span[] =>
  isOfStep(event) ? describeStep(event, titleOf) : describeRun(event);

function describeStep(event: Exclude<StepEvent, GateEvent>, titleOf: (id: string) => string): Span[] {
  switch (event.kind) {
    case 'step-scheduled':
      return [begins(titleOf(event.step))];
    case 'step-done':
      return [good(titleOf(event.step)), did(event.result)];
    case 'step-failed':
    case 'compensation-failed':
      return [bad(titleOf(event.step)), span(`: ${event.error.code}: ${event.error.message}`)];
    case 'step-skipped':
      return [notable(`${titleOf(event.step)} skipped by ${event.by}`), why(event.reason)];
    case 'step-marked-done':
      return [
        notable(`${titleOf(event.step)} marked as done by ${event.by}`),
        why(event.reason),
        span(event.verified === undefined ? ' (only claimed)' : ` (verified: ${event.verified})`),
      ];
    case 'compensation-scheduled':
      return [begins(`undo: ${titleOf(event.step)}`)];
    case 'compensation-done':
      return [good(`undo: ${titleOf(event.step)}`), did(event.result)];
  }
}

/** Events of the run as a whole, and of people. */
function describeRun(event: Exclude<RunEvent, Exclude<StepEvent, GateEvent>>): Span[] {
  switch (event.kind) {
    case 'run-started':
      return [begins(`asked for by ${event.requestedBy}`), why(event.reason)];
    case 'plan-pinned':
      return [begins(`plan ${event.hash}`)];
    case 'gate-opened':
      return [asks(`waits at gate ${event.gate}`), why(event.prompt)];
    case 'gate-passed':
      return [good(`gate ${event.gate} passed`), why(event.saw)];
    case 'decision': {
      const { by, gate, decision, comment } = event.decision;
      const what = `${by} ${decisionWords[decision]} ${gate}`;
      return [decision === 'approve' || decision === 'done' ? good(what) : notable(what), why(comment)];
    }
    case 'decision-withdrawn':
      return [notable(`${event.by} took the decision at ${event.gate} back`), why(event.comment)];
    case 'delegated': {
      const { by, to, gate, comment } = event.delegation;
      const what = samePerson(by, to) ? `${by} decides again at ${gate}` : `${by} lets ${to} decide at ${gate}`;
      return [notable(what), why(comment)];
    }
    case 'notice':
      return event.sent
        ? [good(`notice ${event.name} sent`), why(event.about)]
        : [notable(`notice ${event.name} not sent`), why(event.saw)];
    case 'gate-reminded':
      return [asks(`gate ${event.gate} still waits`), why(`${event.missing} missing`)];
    case 'gate-expired':
      return [notable(`gate ${event.gate} expired`), why(event.then === 'ask-again' ? 'everybody is asked again' : '')];
    case 'message':
      return [notable(`${event.name} by ${event.by}`), why(event.reason)];
    case 'message-refused':
      return [notable(`${event.name} refused`), why(event.because)];
    case 'committed':
      return [good('commit point passed: from here on only forward')];
    case 'left-as':
      return [notable(`left as it is: ${leftLines(event.left).join('. ')}`)];
    case 'rollback-started':
      return [notable(`rolling back, asked for by ${event.by}`), why(event.reason)];
    case 'attestation-asked':
      return [asks('waits for somebody to say with switchback attest whether it passed'), why(event.workflowId)];
    case 'attestation-reminded':
      return [asks('still waits to be attested'), why(`reminder ${event.reminders}`)];
    case 'attested':
      return [
        event.attestation.verdict === 'passed' ? good('attested') : notable('attested'),
        why(attestationText(event.attestation)),
      ];
    case 'run-finished':
      return [span(event.verdict, verdictFormats[event.verdict]), why(event.because)];
  }
}
