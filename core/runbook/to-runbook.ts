import type { NoticeSpec } from '../model/notice';
import type { Operation } from '../model/operation';
import type { DrillPolicy, GateSpec, OperationPolicy, Person, Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';
import type { TrafficProvider, TrafficSpec } from '../model/traffic';
import type { FailbackPolicy, ReplicationPolicy, RetentionRule } from '../model/volume';
import type { WorkloadSpec } from '../model/workload';
import { addedStepOf } from './added-step';
import { approvalGateOf } from './approval-gate';
import { objectivesOf } from './objectives';
import { peopleOf, resolved } from './people';
import { windowGateOf } from './window-gate';
import { acceptedSeconds } from './duration';
import { present } from './present';
import { stagePolicyOf } from './stage-policy';
import type { WrittenRunbook } from './schema';
import { checkOf } from './to-check';
import { siteOf } from './to-site';
import { volumeOf } from './to-volume';

type Written<K extends keyof WrittenRunbook> = WrittenRunbook[K];
type WrittenGate = Written<'operations'>['failover']['gates'][number];

/** Makes the model of a runbook that schema and rules have accepted: defaults derived, durations as numbers. */
export function toRunbook(written: WrittenRunbook): Runbook {
  const replication = replicationOf(written.replication);
  const sites = { primary: siteOf(written, 'primary'), recovery: siteOf(written, 'recovery') };
  const people = peopleOf(written.people);
  const operation = (name: Exclude<Operation, 'drill'>): OperationPolicy => {
    const { gates, strategy, onFailure, failurePolicy, startOrder, stopOrder, steps } = written.operations[name];
    return {
      gates: gates.map((gate) => gateOf(gate, people)),
      strategy,
      onFailure,
      ...(failurePolicy !== undefined && { failurePolicy: failurePoliciesOf(failurePolicy) }),
      ...present({ startOrder, stopOrder }),
      ...(steps.length > 0 && { steps: steps.map((step) => addedStepOf(step, { people, sites })) }),
    };
  };
  return {
    group: written.group,
    description: written.description,
    objectives: objectivesOf(written.objectives),
    sites,
    workloads: written.workloads.map(workloadOf),
    volumes: written.volumes.map(volumeOf(written.sites)),
    replication,
    failbackPolicy: failbackPolicyOf(written.replication.failback, replication),
    ...applicationPointsOf(written.replication),
    ...(written.stage && { stage: stagePolicyOf(written.stage) }),
    traffic: written.traffic.map((record) => recordOf(record, sites)),
    ...(people.length > 0 && { people }),
    ...(written.notices.length > 0 && { notices: written.notices.map(noticeOf) }),
    integrity: written.integrity.map((check) => checkOf(check)),
    operations: {
      failover: operation('failover'),
      reprotect: operation('reprotect'),
      failback: operation('failback'),
      ...(written.operations.drill && { drill: drillOf(written.operations.drill, people) }),
    },
    execution: {
      concurrency: written.execution.concurrency,
      heartbeatSeconds: acceptedSeconds(written.execution.heartbeat),
    },
  };
}

function drillOf(written: NonNullable<Written<'operations'>['drill']>, people: readonly Person[]): DrillPolicy {
  const { gates, keep, recoveryPoint, roundTrip, onFailure, startOrder, attestation } = written;
  return {
    gates: gates.map((gate) => gateOf(gate, people)),
    strategy: 'cold',
    onFailure,
    keepSeconds: acceptedSeconds(keep),
    recoveryPoint,
    ...(roundTrip && { roundTrip }),
    ...present({ startOrder }),
    ...(attestation && {
      attestation: {
        by: resolved(people, attestation.by),
        remindSeconds: acceptedSeconds(attestation.remind),
        ...(attestation.signed === 'required' && { signed: 'required' as const }),
      },
    }),
  };
}

function failurePoliciesOf(
  written: NonNullable<Written<'operations'>['failover']['failurePolicy']>,
): NonNullable<OperationPolicy['failurePolicy']> {
  return Object.fromEntries(
    Object.entries(written).flatMap(([phase, policy]) =>
      policy === undefined
        ? []
        : [[phase, { retries: policy.retry, everySeconds: acceptedSeconds(policy.every), then: policy.then }]],
    ),
  );
}

const noticeOf = ({ secretFrom, ...notice }: Written<'notices'>[number]): NoticeSpec => ({
  ...notice,
  ...present({ secretFrom }),
});

function workloadOf({ stopGrace, checks, local, kubernetes, ...rest }: Written<'workloads'>[number]): WorkloadSpec {
  return {
    ...rest,
    stopGraceSeconds: acceptedSeconds(stopGrace),
    checks: checks.map((check) => checkOf(check, local?.port)),
    ...present({ local }),
    ...(kubernetes !== undefined && { kubernetes: kubernetesWorkloadOf(kubernetes) }),
  };
}

const kubernetesWorkloadOf = ({ kind, ...rest }: NonNullable<Written<'workloads'>[number]['kubernetes']>) => ({
  kind,
  ...present(rest),
});

const retentionOf = (rules: readonly { every: string; for: string }[]): RetentionRule[] =>
  rules.map((rule) => ({ everySeconds: acceptedSeconds(rule.every), forSeconds: acceptedSeconds(rule.for) }));

function replicationOf({ every, points }: Written<'replication'>): ReplicationPolicy {
  return {
    everySeconds: acceptedSeconds(every),
    pointEverySeconds: acceptedSeconds(points.every),
    retention: retentionOf(points.keep),
  };
}

function applicationPointsOf({
  applicationPoints: written,
}: Written<'replication'>): Pick<Runbook, 'applicationPoints'> | undefined {
  if (written === undefined) return undefined;
  const { every, quiesce, resume, timeout } = written;
  const everySeconds = acceptedSeconds(every);
  return { applicationPoints: { everySeconds, quiesce, resume, timeoutSeconds: acceptedSeconds(timeout) } };
}

const DAY_SECONDS = 86_400;

function failbackPolicyOf(written: Written<'replication'>['failback'], forward: ReplicationPolicy): FailbackPolicy {
  const { rpo, every, points, applicationPoints } = written;
  const rpoSeconds = acceptedSeconds(rpo);
  const pointEverySeconds = points.every === undefined ? forward.pointEverySeconds : acceptedSeconds(points.every);
  const wholeDay = [{ everySeconds: pointEverySeconds, forSeconds: Math.max(DAY_SECONDS, pointEverySeconds) }];
  return {
    everySeconds: every === undefined ? Math.min(forward.everySeconds, rpoSeconds) : acceptedSeconds(every),
    pointEverySeconds,
    retention: points.keep === undefined ? wholeDay : retentionOf(points.keep),
    rpoSeconds,
    applicationPointEverySeconds: acceptedSeconds(applicationPoints),
  };
}

function recordOf(
  { name, type, ttl, moveTtl, provider, values }: Written<'traffic'>[number],
  sites: Runbook['sites'],
): TrafficSpec {
  const given = new Map(Object.entries(values ?? {}));
  const valuesOf = (role: SiteRole): readonly string[] =>
    given.get(role) ?? given.get(sites[role].name) ?? [sites[role].address];
  return {
    name,
    type,
    ttlSeconds: acceptedSeconds(ttl),
    moveTtlSeconds: acceptedSeconds(moveTtl),
    values: { primary: valuesOf('primary'), recovery: valuesOf('recovery') },
    provider: providerOf(provider),
  };
}

function providerOf(provider: Written<'traffic'>[number]['provider']): TrafficProvider {
  if (provider.driver !== 'route53') return provider;
  const { driver, hostedZoneId, ...rest } = provider;
  return { driver, hostedZoneId, ...present(rest) };
}

function gateOf({ approval, window }: WrittenGate, people: readonly Person[]): GateSpec {
  if (approval !== undefined) return approvalGateOf(approval, people);
  if (window === undefined) throw new RangeError('a gate of no kind was accepted');
  return windowGateOf(window);
}
