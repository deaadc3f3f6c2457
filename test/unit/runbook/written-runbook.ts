import { stringify } from 'yaml';
import type { AddedAction, AddedStep } from '../../../core/model/added-step';
import type { CheckSpec } from '../../../core/model/check';
import type { GateSpec, OperationPolicy, Runbook } from '../../../core/model/runbook';
import type { ReplicationPolicy } from '../../../core/model/volume';

const s = (seconds: number): string => `${seconds}s`;

const written = {
  check({ name, probe, timeoutMs, intervalMs, successes, withinSeconds }: CheckSpec) {
    const { kind, ...rest } = probe;
    const body = probe.kind === 'command' ? probe.command : rest;
    return {
      name,
      [kind]: body,
      timeout: `${timeoutMs}ms`,
      interval: `${intervalMs}ms`,
      successes,
      within: s(withinSeconds),
    };
  },
  gate({ kind, ...gate }: GateSpec) {
    if (!('durationSeconds' in gate)) {
      const { notRequester, remindSeconds, ...rest } = gate;
      const remind = remindSeconds === undefined ? {} : { remind: s(remindSeconds) };
      return { [kind]: { ...rest, ...remind, requesterMayApprove: notRequester === false } };
    }
    const { durationSeconds, ...rest } = gate;
    return { [kind]: { ...rest, duration: s(durationSeconds) } };
  },
  operation({ gates, steps = [], ...rest }: OperationPolicy) {
    return { ...rest, gates: gates.map(written.gate), ...(steps.length > 0 && { steps: steps.map(written.step) }) };
  },
  step({ place: { moment, ...place }, action, inverse, ...rest }: AddedStep) {
    return {
      ...rest,
      [moment]: place,
      ...written.action(action),
      ...(inverse && { inverse: written.action(inverse) }),
    };
  },
  action(action: AddedAction) {
    if (action.kind === 'manual') {
      const { kind, withinSeconds = 1, ...manual } = action;
      return { [kind]: { ...manual, within: s(withinSeconds) } };
    }
    const timeout = s(action.timeoutSeconds);
    if (action.kind === 'command') return { command: action.command, timeout };
    const { kind, timeoutSeconds: _timeout, ...webhook } = action;
    return { [kind]: webhook, timeout };
  },
  replication({ everySeconds, pointEverySeconds, retention }: ReplicationPolicy) {
    const keep = retention.map((rule) => ({ every: s(rule.everySeconds), for: s(rule.forSeconds) }));
    return { every: s(everySeconds), points: { every: s(pointEverySeconds), keep } };
  },
};

const writtenObjectives = ({ rpoSeconds, rtoSeconds, grades = [] }: Runbook['objectives']) => ({
  rpo: s(rpoSeconds),
  rto: s(rtoSeconds),
  grades: grades.map(({ name, withinRpoPercent, longestBreachSeconds, rtoSeconds: slowest }) => ({
    ...{ name, withinRpo: withinRpoPercent, rto: s(slowest) },
    ...(longestBreachSeconds !== undefined && { longestBreach: s(longestBreachSeconds) }),
  })),
});

/** The YAML that a person would write for the runbook; for what test/unit/runbook/arbitrary-runbook.ts makes. */
export function writtenRunbook(runbook: Runbook): string {
  const { objectives, workloads, replication, failbackPolicy, traffic, integrity, operations, execution, ...same } =
    runbook;
  const { rpoSeconds, applicationPointEverySeconds } = failbackPolicy;
  return stringify(
    {
      switchback: 1,
      ...same,
      objectives: writtenObjectives(objectives),
      workloads: workloads.map(({ stopGraceSeconds, checks, ...rest }) => ({
        ...rest,
        stopGrace: s(stopGraceSeconds),
        checks: checks.map(written.check),
      })),
      replication: {
        ...written.replication(replication),
        failback: {
          ...written.replication(failbackPolicy),
          rpo: s(rpoSeconds),
          applicationPoints: s(applicationPointEverySeconds),
        },
      },
      traffic: traffic.map(({ ttlSeconds, moveTtlSeconds, ...rest }) => ({
        ...rest,
        ttl: s(ttlSeconds),
        moveTtl: s(moveTtlSeconds),
      })),
      integrity: integrity.map(written.check),
      operations: {
        failover: written.operation(operations.failover),
        reprotect: written.operation(operations.reprotect),
        failback: written.operation(operations.failback),
      },
      execution: { concurrency: execution.concurrency, heartbeat: s(execution.heartbeatSeconds) },
    },
    { aliasDuplicateObjects: false },
  );
}
