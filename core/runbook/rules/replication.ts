import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { programOf } from './added-steps';

const defaults = { everyMs: 10_000, failbackRpoMs: 900_000 } as const;

/** Lag grows to at least the time between two passes: a lower objective can never be held. */
export function* objectives(runbook: Part): Iterable<Problem> {
  const replication = runbook.at('replication');
  const rpo = runbook.at('objectives').at('rpo');
  yield* unreachable(rpo, { rpoMs: rpo.ms, everyMs: replication.at('every').ms ?? defaults.everyMs });
  const failback = replication.at('failback');
  const every = failback.at('every');
  if (every.ms !== undefined) {
    yield* unreachable(every, { rpoMs: failback.at('rpo').ms ?? defaults.failbackRpoMs, everyMs: every.ms });
  }
}

function* unreachable(
  place: Part,
  { rpoMs, everyMs }: { rpoMs: number | undefined; everyMs: number },
): Iterable<Problem> {
  if (rpoMs === undefined || rpoMs >= everyMs) return;
  const message = `replication runs every ${everyMs / 1000} s, which can never hold an objective of ${rpoMs / 1000} s`;
  yield place.problem('ObjectiveUnreachable', message);
}

/** From fine and short to coarse and long; anything else would keep points that an earlier rule has removed. */
export function* retention(runbook: Part): Iterable<Problem> {
  const replication = runbook.at('replication');
  for (const keep of [replication.at('points').at('keep'), replication.at('failback').at('points').at('keep')]) {
    let before: Part | undefined;
    for (const rule of keep.items) {
      yield* ruleAlone(rule);
      for (const key of before === undefined ? [] : ['every', 'for']) {
        const [earlier, later] = [before?.at(key).ms, rule.at(key)];
        if (earlier === undefined || later.ms === undefined || later.ms > earlier) continue;
        const message = `${key} ${later.text ?? ''} is not longer than that of the rule before it, ${before?.at(key).text ?? ''}`;
        yield later.problem('RetentionOrder', message);
      }
      before = rule;
    }
  }
}

const DEFAULT_QUIESCE_MS = { every: 3_600_000, timeout: 30_000 } as const;

/** An application that is kept still for longer than from one set of points to the next would hardly ever go on. */
export function* quiescing(runbook: Part): Iterable<Problem> {
  const replication = runbook.at('replication');
  const points = replication.at('applicationPoints');
  if (!points.present) return;
  for (const key of ['quiesce', 'resume']) yield* programOf(points.at(key));
  const failback = replication.at('failback').at('applicationPoints');
  const [every, timeout] = [points.at('every'), points.at('timeout')];
  const longest = timeout.ms ?? DEFAULT_QUIESCE_MS.timeout;
  for (const [place, ms] of [
    [every.present ? every : points, every.ms ?? DEFAULT_QUIESCE_MS.every],
    [failback, failback.ms ?? DEFAULT_QUIESCE_MS.every],
  ] as const) {
    if (ms > longest) continue;
    const message = `the application may be kept still for ${longest / 1000} s, and that every ${ms / 1000} s`;
    yield place.problem('QuiesceTooLong', message);
  }
}

function* ruleAlone(rule: Part): Iterable<Problem> {
  const [every, reach] = [rule.at('every').ms, rule.at('for').ms];
  if (every === undefined || reach === undefined || every <= reach) return;
  yield rule
    .at('every')
    .problem('RetentionOrder', 'a rule that keeps one point every so often must reach at least that far back');
}
