import type { RunStatus, StepState, WaitingFor } from '../../model/run';
import { factsInFull } from '../facts-text';
import { blocks, code, join, safe, nothing, short, type Markdown } from '../markdown/markdown';
import { utf8Length } from '../markdown/utf8-length';
import { quoted } from './quoted';
import { jsonBlock } from './json-block';

const PROMPT_BYTES = 500;
const NAMES_BYTES = 300;
const FACTS_BYTES = 600;
/** Of the instructions of a manual step: the longest that fits is shown. */
const LONGEST_INSTRUCTIONS = [2000, 1000, 400];
/** A message longer than this is copied from the query instead. */
const ANSWER_BYTES = 600;

/** What the run waits for, each in variants: with the messages to send, and without. */
export function questions({ waitingFor }: RunStatus): Markdown[][] {
  const shown = new Set<string>();
  return waitingFor.map((waiting) => {
    const says = question(waiting);
    const answers = waiting.answers.filter((answer) => {
      // Each failed step offers the same `rollback` and `abort`: once is enough.
      const key = JSON.stringify(answer);
      return shown.has(key) ? false : (shown.add(key), true);
    });
    if (answers.length === 0) return [says];
    const blocksOf = (...parts: readonly Markdown[]) => blocks([says, ...parts, ...answers.map(answerBlock)]);
    const instructions = LONGEST_INSTRUCTIONS.map((most) => quoted(waiting.instructions ?? '', most));
    return [
      ...(waiting.instructions === undefined ? [] : instructions.map((part) => blocksOf(part))),
      blocksOf(),
      safe`${says} The query ${code('status')} gives the messages to send.`,
    ];
  });
}

/** Failed steps that nobody is asked about, as in a rollback. */
export function failures({ steps, rollback, waitingFor }: RunStatus): Markdown[][] {
  const asked = new Set(waitingFor.map(({ name }) => name));
  const failed = ({ id, status }: StepState): boolean => status === 'failed' && !asked.has(id);
  return [...rollback.filter(failed), ...steps.filter(failed)].map(({ id, error }) => [
    safe`**Failed** ${code(id)}${error ? safe`: ${error.code}: ${short(error.message, PROMPT_BYTES)}` : nothing}`,
  ]);
}

function question({ kind, name, prompt, since, opensAt, ...approval }: WaitingFor): Markdown {
  const again = approval.then === undefined ? '' : `, then ${approval.then.join(', ')}`;
  const opens = opensAt === undefined ? nothing : safe`; opens ${opensAt}${again}`;
  const what = safe`**Waiting for ${kind.replaceAll('-', ' ')}** ${code(name, 160)}`;
  return safe`${what}, since ${since}${opens}: ${short(prompt, PROMPT_BYTES)}${stateOfApproval(approval)}${factsOf(approval)}`;
}

function stateOfApproval({
  approvedBy = [],
  missing,
  who,
  expiresAt,
}: Pick<WaitingFor, 'approvedBy' | 'missing' | 'who' | 'expiresAt'>): Markdown {
  const people = approvedBy.length === 0 ? nothing : safe` Approved by ${short(approvedBy.join(', '), NAMES_BYTES)}.`;
  const left = missing === undefined ? nothing : safe` Missing: **${short(missing, NAMES_BYTES)}**.`;
  const until = expiresAt === undefined ? nothing : safe` Until ${expiresAt}.`;
  const doers = who === undefined ? nothing : safe` To be done by ${short(who.join(' or '), NAMES_BYTES)}.`;
  return safe`${people}${left}${doers}${until}`;
}

const factsOf = ({ facts }: Pick<WaitingFor, 'facts'>): Markdown =>
  facts === undefined ? nothing : safe` Facts: ${short(factsInFull(facts), FACTS_BYTES)}.`;

function answerBlock({ message, payload }: WaitingFor['answers'][number]): Markdown {
  const json = jsonBlock(payload);
  const send = safe`Send a Signal or Update named ${code(message)}:`;
  if (utf8Length(json.text) > ANSWER_BYTES) return safe`${send} too long to be shown, see the query ${code('status')}.`;
  return join([send, json], '\n');
}
