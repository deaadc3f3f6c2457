import { operationTraits } from '../model/operation';
import type { GateSpec } from '../model/runbook';
import { peerRole, type SiteRole } from '../model/site';
import { hasFixedTtl } from '../model/traffic';
import { openingOf } from './maintenance-window';
import { opensOnce } from './openings';
import type { StepIds } from './parts-move';
import { ofCopy, type PlanContext } from './plan-context';

/** Looks at the sites, and at the way between them when data will flow. */
export function verifySites(context: PlanContext, roles: readonly SiteRole[]): void {
  const { build, names } = context;
  build.segment('verify', 'Verify the sites');
  const verified = roles.map((site) =>
    build.step({ kind: 'verify-site', site, title: `verify that ${names[site]} is healthy` }),
  );
  if (roles.length === 2) {
    // Data flows to the standby, which in a reprotect is not where the operation leads. A drill of both ways sends its own back.
    const target = operationTraits[context.operation].movesActiveSite ? context.to : peerRole(context.to);
    build.stepAfterOnly({
      kind: 'test-connectivity',
      site: target,
      title: `test the way from ${names[peerRole(target)]} to ${names[target]}`,
      after: verified,
    });
  }
}

/** Waits, within the verify segment, until the replica is close enough behind. */
export function awaitLag(context: PlanContext, source: SiteRole, target: SiteRole, seconds: number): void {
  for (const { name } of context.runbook.volumes) {
    context.build.step({
      kind: 'await-lag',
      target: name,
      site: target,
      volume: name,
      title: `wait until ${name} at ${context.names[target]} is at most ${seconds} s behind`,
      input: { source, seconds },
    });
  }
}

/** A recovery point of every volume at each of the sites, before anything changes. */
export function capturePoints(
  context: PlanContext,
  roles: readonly SiteRole[],
  options: { readonly reason: string; readonly after?: readonly string[] },
): Readonly<Record<string, string>> {
  const steps: Record<string, string> = {};
  for (const site of roles) {
    for (const { name } of context.runbook.volumes) {
      steps[`${name}@${site}`] = context.build.step({
        kind: 'capture-point',
        target: name,
        site,
        volume: name,
        title: `take a recovery point of ${name} at ${context.names[site]}`,
        ...(options.after && { after: options.after }),
        input: { consistency: 'crash', reason: options.reason, epoch: context.epochs.to },
      });
    }
  }
  return steps;
}

/** The gates of the operation, one after another. */
export function passGates(context: PlanContext, gates: readonly GateSpec[]): void {
  if (gates.length === 0) return;
  const { build } = context;
  build.segment('gates', 'Gates');
  let previous: string | undefined;
  for (const gate of gates) {
    previous = build.step({
      kind: gate.kind,
      target: gate.name,
      title: gate.kind === 'approval' ? gate.prompt : `wait for the maintenance window "${gate.name}"`,
      ...(previous !== undefined && { after: [previous] }),
      input: { gate, ...(gate.kind === 'window' && opensOnce(gate) && openingOf(gate)) },
    });
  }
  build.barrier();
}

/** Ends the schedule of replication, so that only this run copies from now on. */
export function pauseReplication(context: PlanContext): string {
  return context.build.step({
    kind: 'pause-replication',
    target: context.runbook.group,
    title: 'pause scheduled replication',
  });
}

/** Brings the replica up to date while the workloads still run, so that the final sync is short. */
export function syncAhead(context: PlanContext, after: readonly string[]): void {
  for (const { name } of context.runbook.volumes) {
    context.build.step({
      kind: 'sync',
      target: name,
      site: context.to,
      volume: name,
      after,
      title: `copy what changed of ${name} to ${context.names[context.to]} while it is in use`,
      input: { source: context.from, epoch: context.epochs.from, ...ofCopy(context) },
    });
  }
}

/**
 * Makes the objects of the standby current, of a runbook that stages them: what the schedule has brought there may be old. Before
 * anything is stopped: of what was stopped, the numbers of instances are no longer those that are wanted.
 */
export function stageStandby(context: PlanContext): void {
  const { build, runbook, names, from, to, epochs } = context;
  if (runbook.stage === undefined) return;
  build.step({
    kind: 'stage-standby',
    site: to,
    title: `make the objects at ${names[to]} as they are at ${names[from]}`,
    input: { epoch: epochs.from, stage: runbook.stage },
  });
}

/** Lowers the TTL of every record that has one, and lets the old one run out, so that customers follow the move quickly. */
export function lowerTtls(context: PlanContext): StepIds {
  const lowered: StepIds = {};
  const records = context.runbook.traffic.filter((record) => !hasFixedTtl(record));
  for (const record of records) {
    lowered[record.name] = context.build.step({
      kind: 'lower-ttl',
      target: record.name,
      site: context.to,
      record: record.name,
      title: `lower the TTL of ${record.name} to ${record.moveTtlSeconds} s`,
      input: {
        expected: record.values[context.from],
        ttlSeconds: record.moveTtlSeconds,
        // Higher than what an earlier run that was rolled back has left on the record.
        epoch: context.epochs.to,
      },
    });
  }
  const longest = Math.max(0, ...records.map((record) => oldTtl(context, record.name, record.ttlSeconds)));
  if (records.length > 0 && longest > 0) {
    context.build.step({
      kind: 'wait-ttl',
      after: Object.values(lowered),
      title: `let the old TTL of ${longest} s run out`,
      input: { seconds: longest },
    });
  }
  return lowered;
}

const oldTtl = (context: PlanContext, name: string, declared: number): number =>
  context.observation.records[name]?.ttlSeconds ?? declared;
