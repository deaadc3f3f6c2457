import { peerRole } from '../../model/site';
import { awaitLag, capturePoints, passGates, verifySites } from '../parts-before';
import { stopWorkloads } from '../parts-move';
import type { PlanContext } from '../plan-context';

/**
 * The old primary is back. Whatever still runs there is stopped and fenced, what it holds is kept as a recovery point (it may
 * be all that is left of lost records), and its data becomes the replica of the active site.
 */
export function compileReprotect(context: PlanContext): string {
  const { build, runbook, from, to, names, epochs } = context;
  const standby = peerRole(to);
  verifySites(context, ['primary', 'recovery']);
  build.barrier();
  passGates(context, context.policy.gates);

  stopWorkloads(context, runbook.workloads, { site: standby, epoch: epochs.to });
  build.segment('data', `Make ${names[standby]} the replica`);
  const fence = build.step({
    kind: 'fence-site',
    site: standby,
    title: `fence ${names[standby]}: nothing below epoch ${epochs.to} writes there`,
    input: { epoch: epochs.to },
  });
  const captures = capturePoints(context, [standby], { reason: 'before reprotect', after: [fence] });
  for (const { name } of runbook.volumes) {
    const capture = captures[`${name}@${standby}`] ?? '';
    const synced = build.step({
      kind: 'sync',
      target: name,
      site: standby,
      volume: name,
      title: `copy what changed of ${name} from ${names[to]} to ${names[standby]}`,
      after: [capture],
      input: { source: to, epoch: epochs.to },
    });
    build.compensation({
      segment: 'undo-data',
      kind: 'restore-point',
      target: name,
      site: standby,
      volume: name,
      title: `give ${names[standby]} its own ${name} again`,
      compensates: [synced],
      input: { pointOf: capture, epoch: epochs.to },
    });
  }
  build.barrier();
  build.segment('commit', 'Commit point');
  const commit = build.step({
    kind: 'commit',
    target: runbook.group,
    title: `commit: replicate from ${names[to]} to ${names[standby]} from now on`,
    input: { epoch: epochs.to, activeSite: to, direction: 'recovery-to-primary' },
  });
  build.barrier();
  build.segment('replicate', 'Wait for the objective');
  awaitLag(context, from, standby, runbook.failbackPolicy.rpoSeconds);
  build.barrier();
  return commit;
}
