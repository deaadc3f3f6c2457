import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Observation, SiteObservation } from '../../../core/model/observation';
import { courseOf, operationTraits, type FailoverMode, type Operation } from '../../../core/model/operation';
import { policyOf } from '../../../core/model/operation-policy';
import type { Runbook } from '../../../core/model/runbook';
import type { SiteRole } from '../../../core/model/site';
import { compilePlan, type CompileInput } from '../../../core/planning/compile-plan';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const at = '2026-11-21T10:00:00.000Z';

/** A site where everything is in order, active or standby. */
function siteObservation(runbook: Runbook, role: SiteRole, active: boolean): SiteObservation {
  const site = runbook.sites[role].name;
  return {
    role,
    health: { site, reachable: true, findings: [{ name: 'answers', ok: true, saw: 'yes' }], observedAt: at },
    workloads: runbook.workloads.map(({ name }) => ({
      workload: name,
      site,
      status: active ? 'running' : 'stopped',
      replicas: active ? 1 : 0,
      saw: 'fixture',
    })),
    volumes: runbook.volumes.map(({ name }) => ({
      volume: name,
      site,
      role: active ? 'active' : 'replica',
      epoch: 1,
      ...(!active && { asOf: '2026-11-21T09:59:58.000Z', records: 41 }),
      bytes: 100,
      files: 1,
      points: [],
    })),
    fence: { site, fencing: active ? 'unfenced' : 'fenced', epoch: 1, saw: 'fixture' },
  };
}

/** What is seen of a group in good order before the operation. */
export function observationFor(runbook: Runbook, operation: Operation): Observation {
  const { activeBefore, from } = courseOf(operation, undefined);
  return {
    observedAt: at,
    phase: from,
    activeSite: activeBefore,
    sites: {
      primary: siteObservation(runbook, 'primary', activeBefore === 'primary'),
      recovery: siteObservation(runbook, 'recovery', activeBefore === 'recovery'),
    },
    connectivity: [],
    hooks: { refusedCommands: { primary: {}, recovery: {} }, missingVariables: [] },
    records: Object.fromEntries(
      runbook.traffic.map((record) => [
        record.name,
        {
          name: record.name,
          type: record.type,
          values: record.values[activeBefore],
          ttlSeconds: record.ttlSeconds,
          epoch: 1,
        },
      ]),
    ),
  };
}

export function inputFor(runbook: Runbook, operation: Operation, mode: FailoverMode = 'planned'): CompileInput {
  const same = !operationTraits[operation].movesActiveSite;
  const windows = Object.fromEntries(
    policyOf(runbook, operation)
      .gates.filter((gate) => gate.kind === 'window')
      .map((gate) => [gate.name, { start: '2026-12-05T22:00' }]),
  );
  return {
    runbook,
    digest: sha256(JSON.stringify(runbook)),
    operation,
    mode,
    observation: observationFor(runbook, operation),
    epochs: same ? { from: 1, to: 1, rollback: 1 } : { from: 1, to: 2, rollback: 3 },
    windows,
  };
}

export const compiled = (input: CompileInput) => compilePlan(input, sha256);

const cases: readonly (readonly [Operation, FailoverMode])[] = [
  ['failover', 'planned'],
  ['failover', 'unplanned'],
  ['reprotect', 'planned'],
  ['failback', 'planned'],
];

/** Every operation of any valid runbook, compiled. */
export const arbitraryInput: fc.Arbitrary<CompileInput> = fc
  .tuple(arbitraryRunbook, fc.constantFrom(...cases))
  .map(([runbook, [operation, mode]]) => inputFor(runbook, operation, mode));

export const arbitraryPlan = arbitraryInput.map(compiled);
