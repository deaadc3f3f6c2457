import { peerRole } from '../../model/site';
import { lagSeconds } from '../../running/protection-rules';
import { siteName, type Found, type ReadinessSubject } from '../subject';

/** What the group itself knows of how it is protected. */
export const groupTroubles = (subject: ReadinessSubject): readonly Found[] => [
  ...stoppedRun(subject),
  ...fences(subject),
  ...replication(subject),
  ...staging(subject),
  ...drills(subject),
];

function stoppedRun({ state: { group, incomplete } }: ReadinessSubject): readonly Found[] {
  if (incomplete === undefined) return [];
  const { operation, workflowId, because } = incomplete;
  const what = `${operation} ${workflowId} stopped: ${because}`;
  return [{ code: 'GroupIncomplete', severity: 'error', subject: `group ${group}`, what }];
}

function fences(subject: ReadinessSubject): readonly Found[] {
  const { fencing, activeSite } = subject.state;
  const standby = peerRole(activeSite);
  const is = fencing[standby];
  if (is === 'fenced' || is === 'unfenced') return [];
  const site = siteName(subject, standby);
  return [{ code: 'FenceUnconfirmed', severity: 'warning', site, subject: `fence of ${site}`, what: `it is ${is}` }];
}

function replication({ state, runbook, observation }: ReadinessSubject): readonly Found[] {
  const { direction, paused, lastError } = state.replication;
  if (direction === 'none') return [];
  const subject = 'replication';
  const warning = { severity: 'warning', subject } as const;
  const names = runbook.volumes.map(({ name }) => name);
  const reverse = direction === 'recovery-to-primary';
  const objective = reverse ? runbook.failbackPolicy.rpoSeconds : runbook.objectives.rpoSeconds;
  const lag = lagSeconds(state, names, observation.observedAt);
  const behind = `${Math.round(lag ?? 0)} s behind, the objective is ${objective} s`;
  return [
    ...(lag !== undefined && lag > objective ? [{ code: 'LagAboveObjective', ...warning, what: behind } as const] : []),
    ...(lastError === undefined ? [] : [{ code: 'ReplicationFailing', ...warning, what: lastError } as const]),
    ...(paused
      ? [{ code: 'ReplicationPaused', ...warning, what: 'it is paused, and no run holds the group' } as const]
      : []),
  ];
}

function staging({ state: { stage } }: ReadinessSubject): readonly Found[] {
  if (stage === undefined) return [];
  const warning = { code: 'StandbyNotCurrent', severity: 'warning' } as const;
  const { last, lastError } = stage;
  return [
    ...(lastError === undefined
      ? []
      : [{ ...warning, subject: 'staging', what: `the last pass failed: ${lastError}` }]),
    ...(last?.troubles ?? []).map(({ object, because }) => ({
      ...warning,
      site: last?.to ?? '',
      subject: object,
      what: because,
    })),
  ];
}

function drills({ state: { drills: record, drillLeft } }: ReadinessSubject): readonly Found[] {
  const last = record?.attested[0];
  const failed = last?.verdict === 'failed' ? last : undefined;
  return [
    ...(failed
      ? [
          {
            code: 'LastDrillFailed',
            severity: 'warning',
            subject: failed.workflowId,
            what: `${failed.by} attested at ${failed.at} that it failed`,
          } as const,
        ]
      : []),
    ...(drillLeft
      ? [{ code: 'DrillLeft', severity: 'warning', subject: drillLeft.workflowId, what: drillLeft.because } as const]
      : []),
  ];
}
