import type { LeftAs } from '../model/left-as';
import type { RecoveryPlan } from '../model/plan';
import type { RunStatus } from '../model/run';
import { estimateText } from '../running/estimate-text';
import { leftLines } from '../running/left-as';
import { bytesOf, DETAILS_BYTES, firstFitting, fitItems } from './details/fit-bytes';
import { counts, runningNow } from './details/progress';
import { failures, questions } from './details/questions';
import { blocks, code, join, list, safe, nothing, short, type Markdown } from './markdown/markdown';

/**
 * What the Web UI shows of a run: where it is, what it waits for with the exact messages to send, what failed, how far it
 * got. Markdown of less than 4,000 bytes whatever the run holds; what does not fit is counted. `now` is an ISO instant.
 */
export function currentDetails(input: {
  readonly status: RunStatus;
  readonly plan?: RecoveryPlan;
  readonly now: string;
}): string {
  const { status, plan, now } = input;
  const head = headline(status, { plan, now });
  const summary = counts(status);
  const refusal = lastRefusal(status);
  let room = DETAILS_BYTES - bytesOf(head) - bytesOf(summary) - bytesOf(refusal);
  const asks = fitItems([...questions(status), ...failures(status)], room, more);
  room -= bytesOf(asks);
  const running = firstFitting(status.left ? [leftAsSeen(status.left)] : runningNow(status, plan), room);
  return blocks([head, asks, ...running, summary, refusal]).text;
}

function headline(
  { group, operation, phase, startedAt, committed, planHash, ...end }: RunStatus,
  { plan, now }: { readonly plan?: RecoveryPlan | undefined; readonly now: string },
): Markdown {
  const estimate = plan ? safe`; estimate: ${estimateText(plan)}` : nothing;
  const lines = [
    safe`**${operation} of ${code(group, 150)}: ${phase.replaceAll('-', ' ')}**, since ${startedAt}, as of ${now}`,
    ...(end.verdict ? [safe`**Ended: ${end.verdict}** ${short(end.because ?? '', 400)}`] : []),
    committed
      ? safe`Commit point **passed**: it goes only forward.`
      : safe`Commit point **not passed**${end.verdict ? nothing : safe`: ${code('rollback')} leads back to the beginning`}.`,
    ...(planHash === undefined ? [] : [safe`Plan ${code(planHash, 80)}${estimate}`]),
  ];
  return blocks(lines);
}

const leftAsSeen = (left: LeftAs): Markdown =>
  blocks([
    safe`**What runs where**, as seen at ${left.observedAt}:`,
    list(leftLines(left).map((line) => short(line, 400))),
  ]);

const lastRefusal = ({ lastRefusal: because }: RunStatus): Markdown =>
  because === undefined ? nothing : safe`**Last message refused:** ${short(because, 400)}`;

const more = (left: number): Markdown =>
  join([safe`**${left} more** wait or failed; the query ${code('status')} lists them with their messages.`], '');
