import { decisionWords } from '../../model/run';
import { leftLines } from '../../running/left-as';
import { factsInFull } from '../facts-text';
import { durationText } from '../markdown/duration-text';
import type { Report } from '../report';
import { absent, code, figure, instant, list, section, strong, table, type Content } from './elements';

/** Where a person begins who goes on by hand. */
export const leftSection = ({ left }: Report): Content =>
  left === undefined
    ? null
    : section('left', 'What runs where', ['As seen at ', instant(left.observedAt), ' UTC.'], list(leftLines(left)));

export function attestationSection({ attestation }: Report): Content {
  if (!attestation) return null;
  const { said, state, workflowId } = attestation;
  if (!said) {
    const what = state === 'asked' ? 'Nobody has said yet whether it passed: ' : 'Nobody can be asked any more: ';
    return section('attestation', 'Attestation', [what, code(workflowId), '.']);
  }
  const { at, by, verdict, notes, evidence, via, signed } = said;
  return section(
    'attestation',
    'Attestation',
    table(
      ['When (UTC)', 'Who', 'Verdict', 'Notes', 'Evidence', 'Via', 'Identity'],
      [[instant(at), by, strong(verdict), notes, evidence ?? absent, via, identity(signed)]],
    ),
  );
}

export function decisionsSection({ gates, decisions, messages, refusedMessages }: Report): Content {
  return section(
    'decisions',
    'Gates and decisions',
    table(
      ['When (UTC)', 'Who', 'Decision', 'Gate', 'Comment', 'On which facts', 'Via', 'Identity'],
      decisions.map(({ gate, by, decision, comment, evidence, at, via, signed, facts }) => [
        ...[instant(at), by, strong(decisionWords[decision]), code(gate)],
        [comment ?? absent, evidence === undefined ? '' : `; evidence: ${evidence}`],
        ...[facts ? factsInFull(facts) : absent, via, identity(signed)],
      ]),
    ),
    table(
      ['Gate', 'Asked', 'Outcome', 'Opened (UTC)', 'Open for'],
      gates.map(({ gate, prompt, outcome, saw, openedAt, seconds }) => [
        ...[code(gate), prompt, [strong(outcome), saw ? `: ${saw}` : ''], instant(openedAt)],
        figure(seconds === undefined ? absent : durationText(seconds)),
      ]),
    ),
    table(
      ['When (UTC)', 'Message', 'Who', 'Why'],
      [
        ...messages.map(({ at, name, by, reason }) => [instant(at), code(name), by, reason ?? absent]),
        ...refusedMessages.map(({ at, name, because }) => [
          ...[instant(at), code(name), absent],
          [strong('refused'), `: ${because}`],
        ]),
      ],
    ),
  );
}

const identity = (signed: { readonly keyId: string } | undefined): Content =>
  signed ? ['signed, key ', code(signed.keyId)] : 'claimed';
