import { SwitchbackFailure } from '../../../../core/model/failure';
import type { FailureCode } from '../../../../core/model/failure-codes';
import { named } from '../volume-place';
import { jobName, type MoverTask } from './mover-job';
import type { PodResult } from './pod-result';
import type { MoverScript } from './scripts';

/** By the word that a script ends with. */
const codes: Readonly<Record<string, FailureCode>> = {
  Stale: 'StaleAttempt',
  Unconnected: 'MoverFailed',
  Interrupted: 'SyncInterrupted',
  Mismatch: 'SyncMismatch',
  Missing: 'RecoveryPointMissing',
  Unclaimed: 'DataNewer',
};

const doing: Readonly<Record<MoverScript, string>> = {
  pull: 'copying',
  serve: 'giving away',
  look: 'counting what is in',
  capture: 'taking a recovery point of',
  count: 'reading a snapshot of',
  thin: 'removing recovery points of',
};

/** Why the pod of a task has not succeeded. `from`: the site that a copy came from. */
export function failureOf(task: MoverTask, { values, reason }: PodResult, from?: string): SwitchbackFailure {
  const { place, script } = task;
  const code = codes[values['failed'] ?? ''] ?? 'SyncInterrupted';
  const saw = values['saw'] ?? `its pod ended: ${reason}`;
  const there = from === undefined ? '' : ` from site "${from}"`;
  const message = `${doing[script]} ${named(place)}${there} failed: ${saw}`;
  return new SwitchbackFailure(code, message, {
    volume: place.volume.name,
    site: place.cluster.site.name,
    job: jobName(task),
  });
}
