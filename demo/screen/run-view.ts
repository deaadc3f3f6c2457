import { formatSeconds, secondsBetween } from '../../cli/terminal/format';
import { span, type Line } from '../../cli/terminal/line';
import type { TerminalSize } from '../../cli/terminal/terminal';
import { runTree } from '../../cli/views/run-tree';
import type { RunSnapshot } from '../../cli/views/run-snapshot';

/** A run of the demo as it stands at `now` (ISO), in at most the rows given: its tree, and how long it has been going on. */
export function demoRunLines(title: string, snapshot: RunSnapshot, { rows }: TerminalSize): readonly Line[] {
  const { status, plan, now } = snapshot;
  const seconds = formatSeconds(secondsBetween(status.startedAt, status.finishedAt ?? now));
  const estimate = plan ? `, machine time about ${formatSeconds(plan.estimateSeconds)}` : '';
  const committed = status.committed ? ', past its commit point' : '';
  const waiting = status.waitingFor.map(({ prompt }): Line => [span('◆ ', 'magenta'), span(prompt)]);
  const head: Line = [
    span(title, 'bold'),
    span(` ${seconds}${estimate}${committed}`),
    span(`  ${status.workflowId}`, 'dim'),
  ];
  return [head, ...runTree(snapshot, Math.max(3, rows - 1 - waiting.length)), ...waiting];
}
