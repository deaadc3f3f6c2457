import { operationStates } from '../model/operation';
import type { ProtectionState, ReplicationState } from '../model/protection';
import { bytesOf, DETAILS_BYTES, firstFitting } from './details/fit-bytes';
import { jsonBlock } from './details/json-block';
import { durationText } from './markdown/duration-text';
import { blocks, code, join, list, md, nothing, short, table, type Markdown } from './markdown/markdown';

const RUNS_SHOWN = 5;

/** What the Web UI shows of a protection group. Markdown of less than 4,000 bytes. `now` is an ISO instant. */
export function groupDetails(state: ProtectionState, now: string): string {
  const parts = [headline(state, now), trouble(state), replicationLines(state.replication, now), next(state)];
  const room = DETAILS_BYTES - parts.reduce((sum, part) => sum + bytesOf(part), 0);
  const runs = [RUNS_SHOWN, 2, 0].map((count) => recentRuns(state, count));
  return blocks([...parts, ...firstFitting(runs, room)]).text;
}

function headline({ group, phase, activeSite, epoch, fencing }: ProtectionState, now: string): Markdown {
  const fences = Object.entries(fencing).map(([role, is]) => md`${role} ${is}`);
  return blocks([
    md`**${code(group, 150)}: ${phase}**, as of ${now}`,
    md`Active site: **${activeSite}**, epoch ${epoch}. Fencing: ${join(fences, ', ')}.`,
  ]);
}

function trouble({ holder, incomplete, breach, replication }: ProtectionState): Markdown {
  const items = [
    ...(holder ? [md`**Held** by ${holder.operation} ${code(holder.workflowId, 200)} since ${holder.since}`] : []),
    ...(incomplete
      ? [
          md`**Incomplete**: ${incomplete.operation} ${code(incomplete.workflowId, 200)} stopped: ${short(incomplete.because, 400)}. Resume it, or roll it back.`,
        ]
      : []),
    ...(breach ? [md`**RPO breached** since ${breach.since}: lag ${durationText(breach.lagSeconds)}`] : []),
    ...(replication.lastError === undefined ? [] : [md`**Last pass failed**: ${short(replication.lastError, 400)}`]),
  ];
  return list(items);
}

function replicationLines(
  { direction, paused, asOf, lastPassAt, lastPointAt }: ReplicationState,
  now: string,
): Markdown {
  const flow =
    direction === 'none'
      ? md`
none
        `
      : md`${direction.replaceAll('-', ' ')}${paused ? ', paused' : ''}`;
  const lags = Object.entries(asOf).map(([volume, instant]) => ({ volume, instant, lag: lagSeconds(instant, now) }));
  const rows = lags
    .sort((left, right) => (right.lag ?? Infinity) - (left.lag ?? Infinity))
    .slice(0, 6)
    .map(({ volume, instant, lag }) => [
      code(volume, 80),
      short(instant, 40),
      md`${lag === undefined ? 'unknown' : durationText(lag)}`,
    ]);
  const more = lags.length > 6 ? md`and ${lags.length - 6} more volumes with less lag` : nothing;
  const passes = md`Replication: **${flow}**. Last pass ${lastPassAt ?? 'none'}, last recovery point ${lastPointAt ?? 'none'}.`;
  return blocks([passes, table(['Volume', 'As of', 'Lag'], rows), more]);
}

const lagSeconds = (instant: string, now: string): number | undefined => {
  const seconds = (Date.parse(now) - Date.parse(instant)) / 1000;
  return Number.isFinite(seconds) ? seconds : undefined;
};

/** Which workflows may be started now, with the input to give. */
function next({ phase, group, holder }: ProtectionState): Markdown {
  if (holder || group.length > 100) return nothing;
  const possible = Object.entries(operationStates).filter(([, { from }]) => from.includes(phase));
  return blocks(
    possible.map(([operation]) =>
      join([md`Next: start a workflow of type ${code(operation)} with the input`, jsonBlock({ runbook: group })], '\n'),
    ),
  );
}

function recentRuns({ runs }: ProtectionState, count: number): Markdown {
  const rows = runs
    .slice(0, count)
    .map(({ operation, workflowId, verdict, finishedAt, recoverySeconds }) => [
      md`${operation} ${code(workflowId, 120)}`,
      md`${verdict}`,
      md`${finishedAt}`,
      md`${recoverySeconds === undefined ? '–' : durationText(recoverySeconds)}`,
    ]);
  return table(['Run', 'Verdict', 'Ended', 'Recovery time'], rows);
}
