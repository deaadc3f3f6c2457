import { operationNames, operationTraits, phasesToBegin } from '../model/operation';
import { attestationWorkflowId } from '../model/names';
import type {
  ApplicationPointsState,
  DrillRecord,
  ProtectionState,
  ReplicationState,
  StageState,
} from '../model/protection';
import { readinessWords } from '../model/readiness';
import { attestedAs, drillCounts, unattestedCount } from '../running/drill-record';
import { bytesOf, DETAILS_BYTES, firstFitting } from './details/fit-bytes';
import { jsonBlock } from './details/json-block';
import { durationText } from './markdown/duration-text';
import { blocks, code, join, list, safe, nothing, short, table, type Markdown } from './markdown/markdown';

const RUNS_SHOWN = 5;

/** What the Web UI shows of a protection group. Markdown of less than 4,000 bytes. `now` is an ISO instant. */
export function groupDetails(state: ProtectionState, now: string): string {
  const { replication } = state;
  const parts = [
    headline(state, now),
    readinessPart(state),
    trouble(state),
    replicationLines(replication, now),
    next(state),
  ];
  const room = DETAILS_BYTES - parts.reduce((sum, part) => sum + bytesOf(part), 0);
  const runs = [RUNS_SHOWN, 2, 0].map((count) => recentRuns(state, count));
  return blocks([...parts, ...firstFitting(runs, room)]).text;
}

function headline({ group, phase, activeSite, epoch, fencing }: ProtectionState, now: string): Markdown {
  const fences = Object.entries(fencing).map(([role, is]) => safe`${role} ${is}`);
  return blocks([
    safe`**${code(group, 150)}: ${phase}**, as of ${now}`,
    safe`Active site: **${activeSite}**, epoch ${epoch}. Fencing: ${join(fences, ', ')}.`,
  ]);
}

const REASONS_SHOWN = 3;

function readinessPart({ readiness, holder }: ProtectionState): Markdown {
  if (readiness === undefined) return nothing;
  const { state, reasons, more = 0, evaluatedAt } = readiness;
  const when = holder
    ? safe`evaluated before run ${code(holder.workflowId, 200)} began`
    : safe`evaluated ${evaluatedAt}`;
  const shown = reasons
    .slice(0, REASONS_SHOWN)
    .map(({ subject, what, doThis }) => safe`${short(subject, 60)}: ${short(what, 120)}. To do: ${short(doThis, 120)}`);
  const left = reasons.length + more - shown.length;
  return blocks([
    safe`Readiness: **${readinessWords[state]}**, ${when}.`,
    list([...shown, ...(left > 0 ? [safe`and ${left} more`] : [])]),
  ]);
}

function trouble(state: ProtectionState): Markdown {
  const { holder, incomplete, drill, drillLeft, drills, breach, replication, runbookTrouble, stage, evidence, moved } =
    state;
  const items = [
    ...(moved ? [safe`**Moved** to another Temporal at ${moved.at}: nothing is done for it here`] : []),
    ...(holder ? [safe`**Held** by ${holder.operation} ${code(holder.workflowId, 200)} since ${holder.since}`] : []),
    ...(incomplete
      ? [
          safe`**Incomplete**: ${incomplete.operation} ${code(incomplete.workflowId, 200)} stopped: ${short(incomplete.because, 400)}. Resume it, or roll it back.`,
        ]
      : []),
    ...(drill ? [safe`**Drill** ${code(drill.workflowId, 200)} since ${drill.since}, on a copy of its own`] : []),
    ...(drillLeft
      ? [
          safe`**Copy left** by drill ${code(drillLeft.workflowId, 200)}: ${short(drillLeft.because, 400)}. The next drill removes it.`,
        ]
      : []),
    ...(drills && unattestedCount(drills) > 0 ? [waitingDrills(drills)] : []),
    ...(breach ? [safe`**RPO breached** since ${breach.since}: lag ${durationText(breach.lagSeconds)}`] : []),
    ...(runbookTrouble === undefined ? [] : [safe`**Runbook not usable**: ${short(runbookTrouble, 400)}`]),
    ...(evidence?.trouble === undefined ? [] : [safe`**Evidence not kept**: ${short(evidence.trouble, 300)}`]),
    ...applicationTrouble(replication.application),
    ...stageTrouble(stage),
    ...(replication.lastError === undefined ? [] : [safe`**Last pass failed**: ${short(replication.lastError, 400)}`]),
  ];
  return list(items);
}

function stageTrouble({ last, lastError }: StageState = {}): readonly Markdown[] {
  const [first] = last?.troubles ?? [];
  return [
    ...(lastError === undefined ? [] : [safe`**Not staged** the last time: ${short(lastError, 300)}`]),
    ...(first ? [safe`**Not staged**: ${code(first.object, 100)}: ${short(first.because, 300)}`] : []),
  ];
}

function applicationTrouble({ lastError, quiesced }: Partial<ApplicationPointsState> = {}): readonly Markdown[] {
  const resume = quiesced?.lastError;
  return [
    ...(quiesced && resume !== undefined
      ? [
          safe`**The application may still be quiesced** since ${quiesced.since}, and could not be resumed: ${short(resume, 300)}. It is tried again and again.`,
        ]
      : []),
    ...(lastError === undefined
      ? []
      : [safe`**No application-consistent recovery point** the last time: ${short(lastError, 300)}`]),
  ];
}

const applicationLine = ({ last, stillSeconds }: Partial<ApplicationPointsState> = {}): Markdown =>
  last
    ? safe`Last application-consistent set ${code(last.id, 80)}; the application was kept still for ${durationText(stillSeconds ?? 0)}.`
    : nothing;

/** "2 drills wait for attestation" */
function waitingDrills(drills: DrillRecord): Markdown {
  const count = unattestedCount(drills);
  const [oldest] = drills.unattested;
  const since = oldest
    ? safe`; the oldest is ${code(attestationWorkflowId(oldest), 300)} since ${oldest.endedAt}`
    : nothing;
  return safe`**${count === 1 ? '1 drill waits' : `${count} drills wait`} for attestation**${since}`;
}

function replicationLines(
  { direction, paused, asOf, lastPassAt, lastPointAt, application }: ReplicationState,
  now: string,
): Markdown {
  const flow = direction === 'none' ? safe`none` : safe`${direction.replaceAll('-', ' ')}${paused ? ', paused' : ''}`;
  const lags = Object.entries(asOf).map(([volume, instant]) => ({ volume, instant, ms: Date.parse(instant) }));
  const rows = lags
    .sort(
      (left, right) =>
        (Number.isFinite(left.ms) ? left.ms : -Infinity) - (Number.isFinite(right.ms) ? right.ms : -Infinity),
    )
    .slice(0, 6)
    .map(({ volume, instant }) => [code(volume, 80), short(instant, 40), seconds(instant, now)]);
  const more = lags.length > 6 ? safe`and ${lags.length - 6} more volumes with less lag` : nothing;
  const passes = safe`Replication: **${flow}**. Last pass ${lastPassAt ?? 'none'}, last recovery point ${lastPointAt ?? 'none'}.`;
  return blocks([passes, applicationLine(application), table(['Volume', 'As of', 'Lag'], rows), more]);
}

const seconds = (from: string, to: string): Markdown => {
  const measured = (Date.parse(to) - Date.parse(from)) / 1000;
  return Number.isFinite(measured) ? safe`${durationText(measured)}` : safe`unknown`;
};

/** Which workflows may be started now, with the input to give. */
function next({ phase, group, holder, incomplete, moved }: ProtectionState): Markdown {
  if (holder || moved || group.length > 100) return nothing;
  const proven = incomplete?.before ?? phase;
  const possible = operationNames.filter(
    (operation) =>
      phasesToBegin(operation).includes(proven) && !(incomplete !== undefined && operationTraits[operation].isolated),
  );
  return blocks(
    possible.map((operation) =>
      join(
        [safe`Next: start a workflow of type ${code(operation)} with the input`, jsonBlock({ runbook: group })],
        '\n',
      ),
    ),
  );
}

function recentRuns({ runs, drills }: ProtectionState, count: number): Markdown {
  const rows = runs
    .slice(0, count)
    .map(({ operation, workflowId, runId, verdict, startedAt, finishedAt }) => [
      safe`${operation} ${code(workflowId, 120)}`,
      safe`${verdict}${short(attestedAs(drills, runId), 250)}`,
      short(finishedAt, 40),
      seconds(startedAt, finishedAt),
    ]);
  const held = drills ? safe`Drills: ${drillCounts(drills)}.` : nothing;
  return blocks([table(['Run', 'Verdict', 'Ended', 'Took'], rows), held]);
}
