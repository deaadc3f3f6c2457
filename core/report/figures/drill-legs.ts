import { operationTraits, type Operation } from '../../model/operation';
import type { PlanStep, RecoveryPlan } from '../../model/plan';
import { peerRole, type SiteRole } from '../../model/site';
import type { StepKind } from '../../model/step-kinds';
import type { Moment } from '../history/moment';
import type { RunHistory } from '../history/run-history';
import { durationText } from '../markdown/duration-text';
import type { DrillLeg } from '../report';

interface LegSteps {
  readonly operation: DrillLeg['operation'];
  readonly site: SiteRole;
  /** It begins when the first of these is begun, and is over when all of those are done. */
  readonly first: readonly PlanStep[];
  readonly last: readonly PlanStep[];
  readonly words: { readonly first: string; readonly last: string };
}

/**
 * What a drill rehearsed on its copies, a leg each, with the time that it took. A leg that the plan has and that has not come to
 * its end has no seconds; what was planned and never begun is left out.
 */
export function drillLegs(history: RunHistory, operation: Operation): readonly DrillLeg[] | undefined {
  const { plan } = history;
  if (plan === undefined || !operationTraits[operation].isolated) return undefined;
  return legsOf(plan).flatMap((leg) => measured(history, plan, leg) ?? []);
}

function legsOf(plan: RecoveryPlan): readonly LegSteps[] {
  const [standby, other] = [plan.to, peerRole(plan.to)];
  const at = (site: SiteRole, kind: StepKind): readonly PlanStep[] =>
    plan.steps.filter((step) => step.site === site && step.kind === kind && step.input.isolated === true);
  const healthy = { last: 'every workload of it healthy' };
  return [
    {
      operation: moveTo(standby),
      site: standby,
      first: [...at(standby, 'copy-for-drill'), ...at(standby, 'start-workload')],
      last: at(standby, 'check-health'),
      words: { first: 'the recovery point', ...healthy },
    },
    {
      operation: 'reprotect',
      site: other,
      first: at(other, 'sync'),
      last: at(other, 'sync'),
      words: { first: 'the first pass', last: 'a replica of the copy' },
    },
    {
      operation: moveTo(other),
      site: other,
      first: at(standby, 'stop-workload'),
      last: at(other, 'check-health'),
      words: { first: 'the first workload stopped', ...healthy },
    },
  ];
}

const moveTo = (site: SiteRole): DrillLeg['operation'] => (site === 'recovery' ? 'failover' : 'failback');

function measured(history: RunHistory, plan: RecoveryPlan, leg: LegSteps): DrillLeg | undefined {
  const begun = leg.first.flatMap(({ id }) => marked(id, history.steps.get(id)?.tries[0]?.scheduled));
  const start = begun.reduce<Mark | undefined>((best, mark) => (best && best.ms <= mark.ms ? best : mark), undefined);
  if (start === undefined) return undefined;
  const done = leg.last.flatMap(({ id }) => {
    const record = history.steps.get(id);
    return record?.status === 'done' ? marked(id, record.settled) : [];
  });
  const end =
    done.length < leg.last.length
      ? undefined
      : done.reduce<Mark | undefined>((last, mark) => (last && last.ms >= mark.ms ? last : mark), undefined);
  const seconds = end && Math.round(end.ms - start.ms) / 1000;
  const site = plan.runbook.sites[leg.site].name;
  return {
    operation: leg.operation,
    site,
    ...(seconds !== undefined && { seconds }),
    ...objectiveOf(plan, leg, seconds),
    what: inWords(leg, { site, seconds, rtoSeconds: plan.runbook.objectives.rtoSeconds }),
    from: [`step-scheduled ${start.id}`, ...(end ? [`step-done ${end.id}`] : [])],
  };
}

type Mark = Moment & { readonly id: string };

const marked = (id: string, moment: Moment | undefined): readonly Mark[] => (moment ? [{ ...moment, id }] : []);

/** Only a move has people waiting for it. */
const objectiveOf = (
  plan: RecoveryPlan,
  { operation }: LegSteps,
  seconds: number | undefined,
): Pick<DrillLeg, 'withinRto'> =>
  operation === 'reprotect' || seconds === undefined
    ? {}
    : { withinRto: seconds <= plan.runbook.objectives.rtoSeconds };

function inWords(
  { operation, words }: LegSteps,
  {
    site,
    seconds,
    rtoSeconds,
  }: { readonly site: string; readonly seconds: number | undefined; readonly rtoSeconds: number },
): string {
  const what = `${operation} of the copy, to ${site}`;
  if (seconds === undefined) return `${what}: not completed`;
  const took = `${what}: ${durationText(seconds)} from ${words.first} to ${words.last}`;
  if (operation === 'reprotect') return took;
  return `${took}; RTO of ${durationText(rtoSeconds)} ${seconds <= rtoSeconds ? 'met' : 'missed'}`;
}
