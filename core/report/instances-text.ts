import type { PlanStep, RecoveryPlan } from '../model/plan';
import type { ActiveInstances } from '../model/workload';
import { durationText } from './markdown/duration-text';

/**
 * Where the number of instances of a start is from that was not seen when the plan was made: "3, as last seen at alpha 4 min ago".
 * Undefined of any other step.
 *
 * @param now ISO instant
 */
export function instancesText(
  step: PlanStep,
  {
    unseen,
    runbook,
  }: {
    readonly unseen?: RecoveryPlan['unseen'];
    readonly runbook: Pick<RecoveryPlan['runbook'], 'sites' | 'workloads'>;
  },
  now: string,
): string | undefined {
  const { kind, site, workload: name = '', input } = step;
  const seenAt = unseen?.seenAt[name];
  if (kind !== 'start-workload' || site === undefined || unseen === undefined || seenAt === undefined) return undefined;
  if (seenAt === null) {
    const { replicas = 1 } = runbook.workloads.find((one) => one.name === name)?.kubernetes ?? {};
    return `as many as ${runbook.sites[site].name} itself has recorded, else ${replicas}: never seen at ${unseen.site}`;
  }
  // A compensation starts what it has stopped, as the site itself has recorded.
  if (input.instances === undefined) return undefined;
  const age = durationText((Date.parse(now) - Date.parse(seenAt)) / 1000);
  return `${numberText(input.instances)}, as last seen at ${unseen.site} ${age} ago`;
}

function numberText({ replicas, wanted = {}, switchedOff = [] }: ActiveInstances): string {
  const on = Object.entries(wanted).map(([object, count]) => `${count} of ${object}`);
  const one = replicas === undefined ? [] : [String(replicas)];
  const off = switchedOff.map((object) => `${object} switched off`);
  return [...one, ...on, ...off].join(', ');
}
