import type { ReplicationDirection } from '../core/model/operation';
import { peerRole, type SiteRole } from '../core/model/site';
import { roles, type Lab } from './lab';

export interface Expected {
  readonly active: SiteRole;
  readonly direction: ReplicationDirection;
  /** An unplanned failover stops nothing at the old site: what runs there is only shut out. */
  readonly standbyShutOut?: true;
}

/** After the rollback of an unplanned failover: what was written at the new site is kept in a recovery point at least. */
export function lostRecords(lab: Lab, active: SiteRole): readonly string[] {
  return lab.runbook.volumes.flatMap((volume) => {
    const kept = lab.recordsKept(volume);
    return lab.missingAt(active, volume).filter((record) => !kept.has(record));
  });
}

/** What can be said of a group whose active site does not answer: customers are led there, and nothing runs elsewhere. */
export function problemsOfLost(lab: Lab, { active, direction }: Expected): readonly string[] {
  const standby = peerRole(active);
  const { replication, activeSite } = lab.group.state;
  const replicas = lab.runbook.volumes.filter(({ name }) => lab.stateAt(standby)?.volumes[name]?.role !== 'replica');
  return [
    ...trafficProblems(lab, active),
    ...runningAt(lab, standby).map((name) => `${name} runs at ${standby}`),
    ...replicas.map(({ name }) => `${name} at ${standby} is no replica`),
    ...(replication.direction === direction && !replication.paused ? [] : ['replication is not as it was']),
    ...(activeSite === active ? [] : [`the group thinks that ${activeSite} is active`]),
  ];
}

/** What is not as it should be in a group in good order; empty when all is. Customers write once, replication makes one pass. */
export async function problemsIn(lab: Lab, expected: Expected): Promise<readonly string[]> {
  const { active } = expected;
  return [
    ...serviceProblems(lab, active),
    ...(expected.standbyShutOut ? [] : runningAt(lab, peerRole(active))).map((name) => `${name} runs at the standby`),
    ...trafficProblems(lab, active),
    ...missingRecords(lab, active),
    ...(await replicationProblems(lab, expected)),
  ];
}

const runningAt = (lab: Lab, site: SiteRole): readonly string[] =>
  Object.entries(lab.stateAt(site)?.workloads ?? {}).flatMap(([name, { running }]) => (running ? [name] : []));

function serviceProblems(lab: Lab, active: SiteRole): readonly string[] {
  const running = runningAt(lab, active);
  const down = lab.runbook.workloads.filter(({ name }) => !running.includes(name));
  const accepted = lab.writeEverywhere();
  const refused = lab.runbook.volumes
    .filter(({ name }) => lab.runbook.workloads.some(({ volumes }) => volumes.includes(name)))
    .filter(({ name }) => !accepted.some(({ volume, site }) => volume === name && site === active));
  const fence = lab.stateAt(active)?.fence.epoch ?? 0;
  const shutOut = Object.entries(lab.stateAt(active)?.workloads ?? {}).filter(
    ([, { running, epoch }]) => running && epoch < fence,
  );
  // The standby may be fenced higher than what goes on at the active site: it had been let write ahead, and was shut out again.
  const group = lab.group.state.epoch;
  const forced = lab.stateAt(peerRole(active))?.fence.epoch === group;
  const otherEpoch = lab.runbook.workloads.filter(({ name }) => {
    const epoch = lab.stateAt(active)?.workloads[name]?.epoch;
    return running.includes(name) && epoch !== group && !forced;
  });
  return [
    ...otherEpoch.map(({ name }) => `${name} runs at ${active} with another epoch than the group`),
    ...down.map(({ name }) => `${name} does not run at ${active}`),
    ...shutOut.map(([name]) => `${name} runs at ${active} with an epoch that is fenced out`),
    ...refused.map(({ name }) => `no write of ${name} is acknowledged at ${active}`),
  ];
}

function trafficProblems(lab: Lab, active: SiteRole): readonly string[] {
  return lab.runbook.traffic.flatMap(({ name, type, values, ttlSeconds }) => {
    const entry = lab.world.state.records[`${name} ${type}`];
    const wanted = `${values[active].join()} for ${ttlSeconds} s`;
    const held = `${entry?.held.values.join()} for ${entry?.held.ttlSeconds} s`;
    const served = `${entry?.served.values.join()} for ${entry?.served.ttlSeconds} s`;
    return [held, served].filter((seen) => seen !== wanted).map((seen) => `${name} is ${seen}, not ${wanted}`);
  });
}

const missingRecords = (lab: Lab, active: SiteRole): readonly string[] =>
  lab.runbook.volumes.flatMap((volume) =>
    lab.missingAt(active, volume).map((record) => `${volume.name} at ${active} lacks ${record}`),
  );

async function replicationProblems(lab: Lab, { active, direction }: Expected): Promise<readonly string[]> {
  const { state } = lab.group;
  const wrong = [
    ...(state.activeSite === active ? [] : [`the group thinks that ${state.activeSite} is active`]),
    ...(state.replication.direction === direction ? [] : [`replication goes ${state.replication.direction}`]),
    ...(state.replication.paused === (direction === 'none') ? [] : [`paused: ${state.replication.paused}`]),
  ];
  if (direction === 'none' || wrong.length > 0) return wrong;
  try {
    await lab.replicate();
  } catch (error) {
    return [`no pass of replication is possible: ${String(error)}`];
  }
  return lab.runbook.volumes.flatMap((volume) => {
    const [one, other] = roles.map((site) => lab.filesAt(site, volume));
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [`${volume.name} differs between the sites`];
  });
}
