import type { Observation, SiteObservation } from '../model/observation';
import { courseOf, type FailoverMode, type Operation, type RunEpochs } from '../model/operation';
import { policyOf } from '../model/operation-policy';
import type { ProtectionState } from '../model/protection';
import type { Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';
import { nextEpochs } from '../running/protection-rules';
import type { CompileInput } from '../planning/compile-plan';

export interface Assumed {
  readonly runbook: Runbook;
  readonly digest: string;
  readonly operation: Operation;
  readonly mode: FailoverMode;
  /** ISO instant. */
  readonly at: string;
  /** What was known of the group last; absent: nothing. */
  readonly state?: ProtectionState;
}

/**
 * What the compiler is given when nobody can look: a group in good order before the operation. The plan is that of a run;
 * what is only known then is looked at by those who carry it out.
 */
export function assumedInput({ runbook, digest, operation, mode, at, state }: Assumed): CompileInput {
  const course = courseOf(operation, state?.phase);
  const site = (role: SiteRole): SiteObservation =>
    assumedSite(runbook, role, { at, active: role === course.activeBefore, state });
  const observation: Observation = {
    observedAt: at,
    phase: course.from,
    activeSite: course.activeBefore,
    sites: { primary: site('primary'), recovery: site('recovery') },
    connectivity: [],
    records: {},
    hooks: { refusedCommands: { primary: {}, recovery: {} }, missingVariables: [] },
    ...(state?.instances && { lastSeen: state.instances }),
  };
  return {
    runbook,
    digest,
    operation,
    mode,
    observation,
    epochs: epochsOf(state, operation),
    ...windowsWithoutStart(runbook, { operation, at }),
  };
}

/** Only that they differ counts: commands name them, and whoever types them has looked. */
const epochsOf = (state: ProtectionState | undefined, operation: Operation): RunEpochs =>
  nextEpochs(state ?? ({ epoch: 1, highestEpoch: 1 } as ProtectionState), operation);

interface AssumedSite {
  readonly at: string;
  readonly active: boolean;
  readonly state: ProtectionState | undefined;
}

function assumedSite(runbook: Runbook, role: SiteRole, { at, active, state }: AssumedSite): SiteObservation {
  const site = runbook.sites[role].name;
  const epoch = state?.epoch ?? 1;
  const saw = 'assumed: nobody has looked';
  return {
    role,
    health: { site, reachable: true, findings: [], observedAt: at },
    // No numbers of instances: those that the group has seen count, else those of the runbook.
    workloads: runbook.workloads.map(({ name }) => ({
      workload: name,
      site,
      status: active ? 'unknown' : 'stopped',
      replicas: 0,
      saw,
    })),
    volumes: runbook.volumes.map(({ name }) => ({
      volume: name,
      site,
      role: active ? 'active' : 'replica',
      epoch,
      ...(!active && { asOf: state?.replication.asOf[name] ?? at }),
      bytes: 0,
      files: 0,
      points: [],
    })),
    fence: { site, fencing: active ? 'unfenced' : 'fenced', epoch, saw },
  };
}

/** A window whose begin is given with the run is agreed on by those who carry it out. */
function windowsWithoutStart(
  runbook: Runbook,
  { operation, at }: { readonly operation: Operation; readonly at: string },
): Pick<CompileInput, 'windows'> {
  const open = policyOf(runbook, operation).gates.filter((gate) => gate.kind === 'window' && gate.start === undefined);
  const start = at.slice(0, 'yyyy-mm-ddThh:mm'.length);
  return open.length === 0 ? {} : { windows: Object.fromEntries(open.map(({ name }) => [name, { start }])) };
}
