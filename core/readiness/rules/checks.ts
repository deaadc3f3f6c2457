import type { Probe } from '../../model/check';
import type { Runbook } from '../../model/runbook';
import { isSelfReport } from '../../model/self-report';
import type { WorkloadSpec } from '../../model/workload';
import type { Found, ReadinessSubject } from '../subject';

/**
 * Workloads of which nobody outside sees whether customers are served. One reason for all of them: in a group of hundreds they
 * would hide every other one.
 */
export function selfReported({ runbook }: ReadinessSubject): readonly Found[] {
  const seen = seenFromOutside(runbook);
  const unseen = runbook.workloads.filter((one) => !seen.has(one.name) && !servesNobody(one));
  if (unseen.length === 0) return [];
  const what = unseen.map((one) => `${one.name}: only ${ownWordOf(one)}`).join('; ');
  return [{ code: 'HealthSelfReported', severity: 'warning', subject: 'checks', what }];
}

/** Names of those that are asked what customers ask, and of all that these depend on: what answers has used them. */
function seenFromOutside({ workloads, integrity }: Runbook): ReadonlySet<string> {
  const asks = (one: WorkloadSpec): boolean =>
    one.checks.some(({ probe }) => asksFromOutside(probe)) ||
    integrity.some(({ probe }) => asksFromOutside(probe) && isAbout(probe, one));
  const seen = new Set<string>();
  const waiting = workloads.filter(asks);
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { name, dependsOn } = one;
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...workloads.filter((other) => dependsOn.includes(other.name)));
  }
  return seen;
}

const asksFromOutside = (probe: Probe): boolean => ownWord(probe) === undefined;

/**
 * What a check knows only from the workload itself; undefined: it asks from outside. So does one that looks at nothing but the
 * status of an answer: that it says little, `validate` warns of.
 */
function ownWord(probe: Probe): string | undefined {
  switch (probe.kind) {
    case 'http':
      return isSelfReport(probe.path) ? 'what it says of its own health' : undefined;
    case 'tcp':
      return probe.banner === undefined ? 'that it accepts connections' : undefined;
    case 'dns':
      return 'where its name leads';
    case 'checksum':
      return 'that its data can be read';
    case 'command':
    case 'sql':
      return undefined;
  }
}

/** A program may ask anything, and in a cluster every workload is behind the same address: there nobody can tell whom it is about. */
const isAbout = (probe: Probe, { local }: WorkloadSpec): boolean =>
  local === undefined || !('port' in probe) || probe.port === local.port;

/** What runs by the clock has nobody who waits for an answer. */
const servesNobody = ({ kubernetes }: WorkloadSpec): boolean => kubernetes?.kind === 'CronJob';

function ownWordOf({ checks, kubernetes }: WorkloadSpec): string {
  if (checks.length === 0) return kubernetes === undefined ? 'that it runs' : 'that its instances are Ready';
  return [...new Set(checks.flatMap(({ probe }) => ownWord(probe) ?? []))].join(', ');
}
