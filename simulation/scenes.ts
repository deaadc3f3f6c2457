import { operationTraits, type Operation } from '../core/model/operation';
import type { Runbook } from '../core/model/runbook';
import type { Expected } from './end-state';
import { Lab } from './lab';
import { memoryRunbook } from './memory-runbook';
import { carriedOut, type Start } from './simulated-run';

/** A group in the state that an operation begins from, and where it leads. */
export interface Scene {
  readonly title: string;
  readonly start: Start;
  readonly open: (runbook: Runbook) => Promise<Lab>;
  readonly before: Expected;
  readonly after: Expected;
  /** The active site does not answer: nothing works before, nor after a rollback. */
  readonly lost?: true;
}

const home: Expected = { active: 'primary', direction: 'primary-to-recovery' };
const away: Expected = { active: 'recovery', direction: 'none' };
const awayFromLost: Expected = { ...away, standbyShutOut: true };
const reversed: Expected = { active: 'recovery', direction: 'recovery-to-primary' };

const protectedGroup = (runbook: Runbook): Promise<Lab> => Lab.open(memoryRunbook(runbook));

/** A drill makes its copy of the replica. */
async function replicatedGroup(runbook: Runbook): Promise<Lab> {
  const lab = await protectedGroup(runbook);
  lab.writeEverywhere();
  await lab.replicate();
  return lab;
}

async function primaryLost(runbook: Runbook): Promise<Lab> {
  const lab = await protectedGroup(runbook);
  lab.writeEverywhere();
  lab.world.disasters.isolate(lab.runbook.sites.primary.name);
  return lab;
}

async function failedOver(runbook: Runbook): Promise<Lab> {
  const lab = await protectedGroup(runbook);
  await carriedOut(lab, { operation: 'failover' });
  lab.writeEverywhere();
  return lab;
}

/** The old primary is back, and everything still runs there. */
async function lostAndBack(runbook: Runbook): Promise<Lab> {
  const lab = await primaryLost(runbook);
  await carriedOut(lab, { operation: 'failover', mode: 'unplanned' });
  lab.giveUpLost('recovery');
  lab.world.disasters.reconnect(lab.runbook.sites.primary.name);
  lab.writeEverywhere();
  return lab;
}

async function reprotected(runbook: Runbook): Promise<Lab> {
  const lab = await failedOver(runbook);
  await carriedOut(lab, { operation: 'reprotect' });
  lab.writeEverywhere();
  await lab.replicate();
  return lab;
}

export const scenes = {
  plannedFailover: {
    title: 'planned failover',
    start: { operation: 'failover' },
    open: protectedGroup,
    before: home,
    after: away,
  },
  failoverOfLostSite: {
    title: 'unplanned failover of a lost site',
    start: { operation: 'failover', mode: 'unplanned' },
    open: primaryLost,
    lost: true,
    before: home,
    after: awayFromLost,
  },
  unplannedThoughItAnswers: {
    title: 'unplanned failover of a site that answers',
    start: { operation: 'failover', mode: 'unplanned' },
    open: protectedGroup,
    before: home,
    after: awayFromLost,
  },
  reprotect: {
    title: 'reprotect',
    start: { operation: 'reprotect' },
    open: failedOver,
    before: away,
    after: reversed,
  },
  reprotectOfLostSite: {
    title: 'reprotect of a site that came back',
    start: { operation: 'reprotect' },
    open: lostAndBack,
    before: awayFromLost,
    after: reversed,
  },
  failback: {
    title: 'failback',
    start: { operation: 'failback' },
    open: reprotected,
    before: reversed,
    after: home,
  },
  drill: {
    title: 'drill of a failover',
    start: { operation: 'drill' },
    open: replicatedGroup,
    before: home,
    after: home,
  },
  drillOfTheWayBack: {
    title: 'drill of a failback',
    start: { operation: 'drill' },
    open: reprotected,
    before: reversed,
    after: reversed,
  },
} as const satisfies Record<string, Scene>;

/** By operation, in the order in which they come about. One without a scene would never be tried: it does not compile. */
export const scenesOf: Readonly<Record<Operation, readonly Scene[]>> = {
  failover: [scenes.plannedFailover, scenes.failoverOfLostSite, scenes.unplannedThoughItAnswers],
  reprotect: [scenes.reprotect, scenes.reprotectOfLostSite],
  failback: [scenes.failback],
  drill: [scenes.drill, scenes.drillOfTheWayBack],
};

/** Of the operations on the group itself. What a drill may do differs in every respect: it has a test of its own. */
export const allScenes: readonly Scene[] = Object.values(scenesOf)
  .flat()
  .filter(({ start }) => !operationTraits[start.operation].isolated);
