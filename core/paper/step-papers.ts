import type { PlanStep } from '../model/plan';
import type { StepKind } from '../model/step-kinds';
import type { TrafficSpec } from '../model/traffic';
import { hookPaper } from './added-step-paper';
import { checkBlock, digCommand } from './check-command';
import { capturePaper, claimPaper, copyPaper, finalSyncPaper, lagPaper, restorePaper, syncPaper } from './data-steps';
import { approvalPaper, declareLostPaper, manualPaper, windowPaper } from './people-steps';
import { see, type Block, type Written } from './paper';
import { epochWord, groupOf, handKey, recordOf, siteOf, sitesOf, workloadOf, type PaperContext } from './paper-context';
import type { Place } from './site-paper';
import { placeAt, sitePaper } from './sites';
import { changeRecords, type RecordChange } from './traffic-paper';

/** What a step is on paper. */
type StepPaper = (context: PaperContext, step: PlanStep) => Written;

const placeOf = (context: PaperContext, step: PlanStep): Place =>
  placeAt(context, sitesOf(context, step).site, groupOf(context, step));

const changeOf = (context: PaperContext, step: PlanStep) => ({
  epoch: epochWord(context.plan, step.input.epoch),
  key: handKey(context, step),
});

const isCompensation = (step: PlanStep): boolean => 'compensates' in step;

/** Where the instances of a workload ran before it is started: of a copy in production, of a compensation at the same site. */
function before(context: PaperContext, step: PlanStep): Place {
  const { plan } = context;
  if (step.input.isolated) return placeAt(context, siteOf(context, plan.from), plan.group);
  const { site, other } = sitesOf(context, step);
  return placeAt(context, isCompensation(step) ? site : other, plan.group);
}

/** Of a site that is lost: what runs there is ended as far as the site answers, since the fence of a cluster only keeps new instances out. */
function fencePaper(context: PaperContext, step: PlanStep, fencing: 'fenced' | 'unfenced'): Written {
  const place = placeOf(context, step);
  const paper = sitePaper(place.site);
  const fence = paper.fence(place, { ...changeOf(context, step), fencing });
  if (step.input.allowUnconfirmed !== true) return fence;
  const key = handKey(context, step);
  const stops = context.plan.runbook.workloads.flatMap(
    (workload) => paper.stop(place, { workload, epoch: '$FROM', key: `${key}/${workload.name}` }).blocks ?? [],
  );
  return {
    tells: [
      ...(fence.tells ?? []),
      'Does the site not answer, leave the step as it is and go on: the next one asks who declares it lost.',
    ],
    blocks: [...(fence.blocks ?? []), ...stops],
  };
}

const normally = (record: TrafficSpec): number => record.ttlSeconds;

function ttlPaper(context: PaperContext, step: PlanStep): Written {
  const record = recordOf(context, step.record);
  const { expected = [], ttlSeconds = normally(record) } = step.input;
  const was = step.kind === 'lower-ttl' ? record.ttlSeconds : record.moveTtlSeconds;
  const change: RecordChange = {
    record,
    before: { values: expected, ttlSeconds: was },
    after: { values: expected, ttlSeconds },
  };
  const { epoch } = changeOf(context, step);
  return changeRecords([change], { group: context.plan.group, epoch });
}

/** All records of the step in one change, where the provider takes them as one. */
function switchPaper(context: PaperContext, step: PlanStep): Written {
  const { expected = [], next = [], ttlSeconds = 0, alsoMoves = [] } = step.input;
  const lowered = context.plan.steps.some(({ kind, record }) => kind === 'lower-ttl' && record === step.record);
  const changes = [{ record: step.record ?? '', expected, next, ttlSeconds }, ...alsoMoves].map(
    (move): RecordChange => {
      const record = recordOf(context, move.record);
      const was = lowered ? record.moveTtlSeconds : record.ttlSeconds;
      return {
        record,
        before: { values: move.expected, ttlSeconds: was },
        after: { values: move.next, ttlSeconds: move.ttlSeconds },
      };
    },
  ) as [RecordChange, ...RecordChange[]];
  return changeRecords(changes, { group: context.plan.group, epoch: changeOf(context, step).epoch });
}

function verifyTrafficPaper(context: PaperContext, step: PlanStep): Written {
  const { name, type, provider } = recordOf(context, step.record);
  if (provider.driver === 'memory') return { tells: ['This record exists in simulations only.'] };
  const server = provider.driver === 'local' ? provider.server : provider.nameServers?.[0];
  const next = [...(step.input.next ?? [])].sort();
  const answers = `${digCommand(name, type, server)} | sort`;
  const tells = ['Ask from outside as well, as customers do: their resolvers may keep the old answer for its TTL.'];
  if (provider.driver !== 'route53' || provider.alias === undefined)
    return { tells, blocks: [see(answers, next.join('\n'))] };
  const targets = next.map((target) => `${digCommand(target, type, provider.resolver)};`).join(' ');
  return { tells, blocks: [leadsTo(next.join(' '), answers, `{ ${targets} } | sort`)] };
}

/** Nobody is told the name that an alias leads to: the answers are addresses, all of which must be those of its target. */
function leadsTo(target: string, answers: string, addresses: string): Block {
  const shown = `all of them are addresses of ${target}`;
  const script = [
    `ANSWERS=$(${answers})`,
    `[ -n "$ANSWERS" ] && [ -z "$(comm -23 <(echo "$ANSWERS") <(${addresses}))" ] && echo '${shown}'`,
  ];
  return see(script.join('\n'), shown);
}

function checksPaper(context: PaperContext, step: PlanStep): Written {
  const { site, group } = placeOf(context, step);
  const { checks = [], epoch } = step.input;
  if (checks.length === 0)
    return { tells: ['The runbook names no check of it: its start has shown all there is to see.'] };
  const asked = { context, site, group, epoch: epochWord(context.plan, epoch) };
  return { blocks: checks.map((check) => checkBlock(check, asked)) };
}

const quietPaper: StepPaper = () => ({
  tells: [
    'Done at the beginning: the workers are stopped, and with them the schedule of replication. See that it is still so.',
  ],
});

const told =
  (...tells: readonly string[]): StepPaper =>
  () => ({ tells });

/** Every kind of step has its place here, whatever the driver: a kind without one does not compile. */
export const stepPapers: Readonly<Record<StepKind, StepPaper>> = {
  'verify-site': (context, step) => {
    const place = placeOf(context, step);
    return sitePaper(place.site).verify(place);
  },
  'test-connectivity': told(
    'Data goes through this terminal: that both sites answer it, which the steps before have shown, is enough.',
  ),
  'capture-point': capturePaper,
  'await-lag': lagPaper,
  'verify-lag': told('Nothing replicates while Switchback is away: there is no lag to look at.'),
  approval: approvalPaper,
  window: windowPaper,
  'manual-step': manualPaper,
  'declare-lost': declareLostPaper,
  'wait-ttl': (_, { input }) => ({
    tells: [`Resolvers keep the old answer for ${input.seconds ?? 0} s: wait that long from the last change of a TTL.`],
    blocks: [see(`sleep ${input.seconds ?? 0} && echo over`, 'over')],
  }),
  barrier: told('Go on when every box above is ticked, and not before.'),
  'lower-ttl': ttlPaper,
  'restore-ttl': ttlPaper,
  'pause-replication': quietPaper,
  'resume-replication': told('Switchback replicates again when it has the group back.'),
  'start-replication': told(
    'Switchback replicates again when it has the group back: until then nothing protects the service.',
  ),
  sync: syncPaper,
  'final-sync': finalSyncPaper,
  'stage-standby': (context, step) => {
    const { site, other } = sitesOf(context, step);
    const { group } = context.plan;
    return sitePaper(site).stage(placeAt(context, other, group), placeAt(context, site, group), step.input.stage);
  },
  'stop-workload': (context, step) => {
    const place = placeOf(context, step);
    return sitePaper(place.site).stop(place, { ...changeOf(context, step), workload: workloadOf(context, step) });
  },
  'start-workload': (context, step) => {
    const place = placeOf(context, step);
    const { instances } = step.input;
    return sitePaper(place.site).start(place, {
      ...changeOf(context, step),
      workload: workloadOf(context, step),
      before: before(context, step),
      ...(instances && { instances }),
    });
  },
  'fence-site': (context, step) => fencePaper(context, step, 'fenced'),
  'unfence-site': (context, step) => fencePaper(context, step, 'unfenced'),
  'restore-point': restorePaper,
  'claim-volume': claimPaper,
  'check-health': checksPaper,
  'verify-data': checksPaper,
  'prepare-drill': (context, step) => {
    const place = placeOf(context, step);
    return sitePaper(place.site).prepareCopy(place);
  },
  'copy-for-drill': copyPaper,
  'hold-drill': (_, { input }) => ({
    tells: [input.until ? `Look at the copy until ${input.until}.` : `Look at the copy for ${input.seconds ?? 0} s.`],
  }),
  'remove-drill': (context, step) => {
    const place = placeOf(context, step);
    return sitePaper(place.site).removeCopy(place);
  },
  'switch-traffic': switchPaper,
  'verify-traffic': verifyTrafficPaper,
  commit: told(
    'The point of no return: from here on nothing of this paper is undone. Whoever leads writes down the time, and says it aloud.',
  ),
  'run-command': (context, step) => hookPaper(step.input.hook, { title: step.title, key: handKey(context, step) }),
  'call-webhook': (context, step) => hookPaper(step.input.hook, { title: step.title, key: handKey(context, step) }),
};
