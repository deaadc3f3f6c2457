import { copyOf } from '../core/model/drill';
import type { ReplicationDirection } from '../core/model/operation';
import { peerRole, type SiteRole } from '../core/model/site';
import { roles, type Lab } from './lab';

export interface Expected {
  readonly active: SiteRole;
  readonly direction: ReplicationDirection;
  /** An unplanned failover stops nothing at the old site: what runs there is only shut out. */
  readonly standbyShutOut?: true;
}

/** Something that is not as it should be. */
export interface Problem {
  /** The workload, volume or record, or "replication" or "group". */
  readonly subject: string;
  readonly saw: string;
}

/** After the rollback of an unplanned failover: what was written at the new site is kept in a recovery point at least. */
export function lostRecords(lab: Lab, active: SiteRole): readonly Problem[] {
  return lab.runbook.volumes.flatMap((volume) => {
    const kept = lab.recordsKept(volume);
    const lost = lab.missingAt(active, volume).filter((record) => !kept.has(record));
    return lost.map((record) => ({ subject: volume.name, saw: `${record} is nowhere any more` }));
  });
}

/** What can be said of a group whose active site does not answer: customers are led there, and nothing runs elsewhere. */
export function problemsOfLost(lab: Lab, { active, direction }: Expected): readonly Problem[] {
  const standby = peerRole(active);
  const { replication } = lab.group.state;
  const replicas = lab.runbook.volumes.filter(({ name }) => lab.stateAt(standby)?.volumes[name]?.role !== 'replica');
  const resumed = replication.direction === direction && !replication.paused;
  return [
    ...trafficProblems(lab, active),
    ...runningAt(lab, standby),
    ...replicas.map(({ name }) => ({ subject: name, saw: `${name} at ${lab.nameOf(standby)} is no replica` })),
    ...(resumed ? [] : [{ subject: 'replication', saw: 'replication is not as it was' }]),
    ...activeProblems(lab, active),
  ];
}

/** What is not as it should be in a group in good order; empty when all is. Customers write once, replication makes one pass. */
export async function problemsIn(lab: Lab, expected: Expected): Promise<readonly Problem[]> {
  const { active } = expected;
  return [
    ...serviceProblems(lab, active),
    ...(expected.standbyShutOut ? [] : runningAt(lab, peerRole(active))),
    ...trafficProblems(lab, active),
    ...leftCopies(lab),
    ...missingRecords(lab, active),
    ...(await replicationProblems(lab, expected)),
  ];
}

/** A drill leaves no trace. */
const leftCopies = (lab: Lab): readonly Problem[] =>
  roles.flatMap((role) => {
    const copy = copyOf(lab.runbook.group);
    const left = Object.hasOwn(lab.world.state.sites[lab.nameOf(role)]?.groups ?? {}, copy);
    return left ? [{ subject: copy, saw: `the copy of a drill is left at ${lab.nameOf(role)}` }] : [];
  });

const namesRunningAt = (lab: Lab, site: SiteRole): readonly string[] =>
  Object.entries(lab.stateAt(site)?.workloads ?? {}).flatMap(([name, { running }]) => (running ? [name] : []));

const runningAt = (lab: Lab, site: SiteRole): readonly Problem[] =>
  namesRunningAt(lab, site).map((subject) => ({ subject, saw: `${subject} runs at ${lab.nameOf(site)}` }));

function activeProblems(lab: Lab, active: SiteRole): readonly Problem[] {
  const { activeSite } = lab.group.state;
  if (activeSite === active) return [];
  return [{ subject: 'group', saw: `the group takes ${lab.nameOf(activeSite)} for its active site` }];
}

function serviceProblems(lab: Lab, active: SiteRole): readonly Problem[] {
  const site = lab.nameOf(active);
  const running = namesRunningAt(lab, active);
  const down = lab.runbook.workloads.filter(({ name }) => !running.includes(name));
  const accepted = lab.writeEverywhere();
  const refused = lab.runbook.volumes
    .filter(({ name }) => lab.runbook.workloads.some(({ volumes }) => volumes.includes(name)))
    .filter(({ name }) => !accepted.some((one) => one.volume === name && one.site === active));
  const fence = lab.stateAt(active)?.fence.epoch ?? 0;
  const shutOut = Object.entries(lab.stateAt(active)?.workloads ?? {}).filter(
    ([, { running: runs, epoch }]) => runs && epoch < fence,
  );
  // The standby may be fenced higher than what goes on at the active site: it had been let write ahead, and was shut out again.
  const group = lab.group.state.epoch;
  const forced = lab.stateAt(peerRole(active))?.fence.epoch === group;
  const otherEpoch = lab.runbook.workloads.filter(({ name }) => {
    const epoch = lab.stateAt(active)?.workloads[name]?.epoch;
    return running.includes(name) && epoch !== group && !forced;
  });
  const about = (subject: string, what: string): Problem => ({ subject, saw: `${subject} ${what}` });
  return [
    ...otherEpoch.map(({ name }) => about(name, `runs at ${site} with another epoch than the group`)),
    ...down.map(({ name }) => about(name, `does not run at ${site}`)),
    ...shutOut.map(([name]) => about(name, `runs at ${site} with an epoch that is fenced out`)),
    ...refused.map(({ name }) => about(name, `takes no write at ${site}`)),
  ];
}

function trafficProblems(lab: Lab, active: SiteRole): readonly Problem[] {
  return lab.runbook.traffic.flatMap(({ name, type, values, ttlSeconds }) => {
    const entry = lab.world.state.records[`${name} ${type}`];
    const wanted = `${values[active].join()} for ${ttlSeconds} s`;
    const held = `${entry?.held.values.join()} for ${entry?.held.ttlSeconds} s`;
    const served = `${entry?.served.values.join()} for ${entry?.served.ttlSeconds} s`;
    const wrong = [...new Set([held, served])].filter((seen) => seen !== wanted);
    return wrong.map((seen) => ({ subject: name, saw: `${name} is ${seen}, not ${wanted}` }));
  });
}

const missingRecords = (lab: Lab, active: SiteRole): readonly Problem[] =>
  lab.runbook.volumes.flatMap((volume) =>
    lab.missingAt(active, volume).map((record) => ({
      subject: volume.name,
      saw: `${volume.name} at ${lab.nameOf(active)} lacks ${record}, which a customer holds a receipt for`,
    })),
  );

async function replicationProblems(lab: Lab, { active, direction }: Expected): Promise<readonly Problem[]> {
  const { replication } = lab.group.state;
  const about = (saw: string): Problem => ({ subject: 'replication', saw });
  const wrong = [
    ...activeProblems(lab, active),
    ...(replication.direction === direction ? [] : [about(`replication goes ${replication.direction}`)]),
    ...(replication.paused === (direction === 'none')
      ? []
      : [about(`replication is ${replication.paused ? '' : 'not '}paused`)]),
  ];
  if (direction === 'none' || wrong.length > 0) return wrong;
  try {
    await lab.replicate();
  } catch (error) {
    return [about(`no pass of replication is possible: ${String(error)}`)];
  }
  return lab.runbook.volumes.flatMap((volume) => {
    const [one, other] = roles.map((site) => lab.filesAt(site, volume));
    const same = JSON.stringify(one) === JSON.stringify(other);
    return same ? [] : [{ subject: volume.name, saw: `${volume.name} differs between the sites` }];
  });
}
