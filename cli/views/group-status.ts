import type { LeftAs } from '../../core/model/left-as';
import type { ProtectionState } from '../../core/model/protection';
import type { RunStatus } from '../../core/model/run';
import { drillCounts, unattestedCount } from '../../core/running/drill-record';
import { leftLines } from '../../core/running/left-as';
import { formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import type { Format } from '../terminal/style';
import { shellQuoted } from './answer-command';
import { readinessStateLines } from './readiness-view';
import { stageStateLines } from './stage-view';
import { waitingLines } from './waiting-lines';

/** One protection group as `switchback status` shows and prints it. */
export interface GroupStatus {
  readonly group: string;
  /** Absent when the protection workflow did not answer; then `trouble` says why. */
  readonly state?: ProtectionState;
  /** Operations of the group that are running now. */
  readonly runs: readonly RunStatus[];
  /** Of an incomplete group: what ran where when its run ended; absent when that one could not say. */
  readonly left?: LeftAs;
  /** ISO instant at which a schedule starts the next drill; absent: none does. */
  readonly nextDrill?: string;
  readonly trouble?: string;
}

export const phaseFormats: Readonly<Record<ProtectionState['phase'], Format>> = {
  Protected: 'green',
  ReverseProtected: 'green',
  FailedOver: 'yellow',
  Recovering: 'cyan',
  Incomplete: 'red',
};

/** Everything known of each group: state, active site, epoch, lag, fences, what runs and what waits for whom. */
export const groupStatusLines = (groups: readonly GroupStatus[], now: string): Line[] =>
  groups.flatMap((group, index) => [...(index > 0 ? [[]] : []), ...groupLines(group, now)]);

function groupLines(status: GroupStatus, now: string): Line[] {
  const { group, state, nextDrill } = status;
  return [
    [span(group, 'bold'), span('  '), ...(state ? [span(state.phase, phaseFormats[state.phase])] : [])],
    ...(state && !state.moved ? stateLines(state, now) : []),
    ...(nextDrill === undefined
      ? []
      : [[span(`  next drill ${nextDrill}, in ${formatSeconds(secondsBetween(now, nextDrill))}`)]]),
    ...attentionLines(status, now),
  ];
}

const stateLines = (state: ProtectionState, now: string): Line[] => [
  [span(`  active     ${state.activeSite} site, epoch ${state.epoch}`)],
  replicationLine(state, now),
  ...readinessStateLines(state, now),
  ...fenceLines(state),
  ...stageStateLines(state, now),
  ...(state.drills && unattestedCount(state.drills) === 0 ? drillLines(state, now) : []),
];

/** What a person should look at: what does not work, what stopped, what runs and what waits for whom. */
export const attentionLines = ({ state, runs, left, trouble }: GroupStatus, now: string): Line[] => [
  ...(trouble === undefined ? [] : [[span(`  ! ${trouble}`, 'yellow' as const)]]),
  ...(state ? troubleLines(state, { now, left }) : []),
  ...runs.flatMap((run) => runningLines(run, now)),
];

function troubleLines(state: ProtectionState, { now, left }: { now: string; left: LeftAs | undefined }): Line[] {
  const { moved } = state;
  if (moved) return [[span(`  ! moved to another Temporal at ${moved.at}: nothing is done for it here`, 'yellow')]];
  return [
    ...(state.replication.lastError === undefined
      ? []
      : [[span(`  ! the last pass failed: ${state.replication.lastError}`, 'yellow')]]),
    ...applicationLines(state),
    ...(state.evidence?.trouble === undefined
      ? []
      : [[span(`  ! evidence is not kept, and is tried again: ${state.evidence.trouble}`, 'yellow')]]),
    ...(state.runbookTrouble === undefined
      ? []
      : [[span(`  ! the runbook is not usable, the one before goes on: ${state.runbookTrouble}`, 'yellow')]]),
    ...incompleteLines(state, left),
    ...(state.drills && unattestedCount(state.drills) > 0 ? drillLines(state, now) : []),
  ];
}

const DRILLS_SHOWN = 5;

/** How the drills went that were held, and those that wait for somebody to attest them, the newest first. */
function drillLines({ drills }: ProtectionState, now: string): Line[] {
  if (!drills) return [];
  const shown = drills.unattested.slice(-DRILLS_SHOWN).reverse();
  const more = unattestedCount(drills) - shown.length;
  const [oldest] = drills.unattested;
  return [
    [
      span(`  drills     ${drillCounts(drills)}`, unattestedCount(drills) > 0 ? 'yellow' : 'reset'),
      span(oldest ? `, the oldest of these for ${formatSeconds(secondsBetween(oldest.endedAt, now))}` : ''),
    ],
    ...shown.flatMap(({ workflowId, endedAt }): Line[] => [
      [span('    ◆ ', 'magenta'), span(`waits to be attested, ${formatSeconds(secondsBetween(endedAt, now))} now`)],
      [span(`      switchback attest ${shellQuoted(workflowId)} passed --notes '...'`, 'cyan')],
    ]),
    ...(more > 0 ? [[span(`    and ${more} more`)]] : []),
  ];
}

function applicationLines({ replication: { application } }: ProtectionState): Line[] {
  const { lastError, quiesced } = application ?? {};
  const held = quiesced?.lastError;
  return [
    ...(quiesced && held !== undefined
      ? [[span(`  ✗ the application may be quiesced since ${quiesced.since} and could not be resumed: ${held}`, 'red')]]
      : []),
    ...(lastError === undefined
      ? []
      : [[span(`  ! no application-consistent recovery point the last time: ${lastError}`, 'yellow')]]),
  ] as Line[];
}

function incompleteLines({ group, incomplete }: ProtectionState, left: LeftAs | undefined): Line[] {
  if (!incomplete) return [];
  const { operation, workflowId, because } = incomplete;
  return [
    [span(`  ✗ ${operation} stopped: ${because}`, 'red')],
    ...(left ? leftLines(left) : []).map((line): Line => [span(`    ${line}`)]),
    ...(left ? [] : [[span('    what runs where: '), span(`switchback sites ${shellQuoted(group)}`, 'cyan')]]),
    [span('    to go on where it stopped:')],
    [span(`    switchback run resume ${shellQuoted(workflowId)}`, 'cyan')],
  ];
}

function replicationLine({ replication, breach }: ProtectionState, now: string): Line {
  if (replication.direction === 'none') return [span('  data       '), span('not replicated', 'yellow')];
  const lag = lagSeconds(replication.asOf, now);
  const { rpoSeconds } = replication;
  const objective = rpoSeconds === undefined ? '' : ` (objective ${formatSeconds(rpoSeconds)})`;
  const none = replication.lastPassAt === undefined ? 'no complete pass yet' : 'no volumes';
  const behind = lag === undefined ? none : `${formatSeconds(lag)} behind${objective}`;
  const over = breach !== undefined || (lag !== undefined && rpoSeconds !== undefined && lag > rpoSeconds);
  return [
    span(`  data       ${replication.direction.replaceAll('-', ' ')}, `),
    span(behind, over ? 'red' : 'reset'),
    span(replication.paused ? ', paused' : ''),
    span(breach ? `, over the objective since ${breach.since}` : '', 'red'),
  ];
}

/** Age of the volume that is furthest behind. Undefined while any has never arrived. */
export function lagSeconds(asOf: Readonly<Record<string, string>>, now: string): number | undefined {
  const lags = Object.values(asOf).map((instant) => Math.max(0, secondsBetween(instant, now)));
  return lags.length === 0 ? undefined : Math.max(...lags);
}

const fenceLines = ({ fencing }: ProtectionState): Line[] =>
  (['primary', 'recovery'] as const)
    .filter((role) => fencing[role] !== 'unfenced')
    .map((role) => [
      span(`  fence      ${role} site is ${fencing[role]}`, fencing[role] === 'fenced' ? 'reset' : 'yellow'),
    ]);

const runningLines = (run: RunStatus, now: string): Line[] => [
  [
    span(`  ${run.operation}   `.padEnd(13)),
    span(`${run.phase} for ${formatSeconds(secondsBetween(run.startedAt, now))}`, 'cyan'),
    span(`  ${run.workflowId}`, 'dim'),
  ],
  ...waitingLines(run.workflowId, run.waitingFor, { now }).map((line): Line => [span('    '), ...line]),
];
