import type { StepIds } from './parts-move';
import { checksAt, ofCopy, type PlanContext } from './plan-context';

/** Fence the old site, copy the rest, prove both sides equal, hand the data to the new epoch. */
export function proveData(
  context: PlanContext,
  stops: readonly string[],
  unfencedAhead?: string,
): { readonly fence: string; readonly unfence: string; readonly claims: StepIds } {
  const { build, runbook, from, to, names, epochs } = context;
  build.segment('data', `Fence ${names[from]}`);
  const fence = build.step({
    kind: 'fence-site',
    site: from,
    title: `fence ${names[from]}: nothing below epoch ${epochs.to} writes there`,
    after: stops,
    input: { epoch: epochs.to, ...ofCopy(context) },
  });
  const unfence =
    unfencedAhead ??
    build.step({
      kind: 'unfence-site',
      site: to,
      title: `let ${names[to]} write with epoch ${epochs.to}`,
      after: [fence],
      input: { epoch: epochs.to, ...ofCopy(context) },
    });
  build.barrier();
  const claims: StepIds = {};
  build.segment('data', 'Prove the data complete');
  for (const { name } of runbook.volumes) {
    const synced = build.step({
      kind: 'final-sync',
      target: name,
      site: to,
      volume: name,
      title: `final delta sync of ${name}, proven by content hashes`,
      input: { source: from, epoch: epochs.to, ...ofCopy(context) },
    });
    claims[name] = claimVolume(context, name, [synced]);
  }
  build.barrier();
  return { fence, unfence, claims };
}

/** Hands a volume at the new site to its epoch. Gives the id of the step. */
export function claimVolume(context: PlanContext, name: string, after: readonly string[]): string {
  const { build, to, names, epochs } = context;
  return build.step({
    kind: 'claim-volume',
    target: name,
    site: to,
    volume: name,
    title: `hand ${name} at ${names[to]} to epoch ${epochs.to}`,
    after,
    input: { epoch: epochs.to, ...ofCopy(context) },
  });
}

/** Asks the new site whether the data is whole, before the point of no return. */
export function verifyData(context: PlanContext): void {
  const { build, runbook, to, names, epochs } = context;
  const checks = checksAt(context, runbook.integrity);
  if (checks.length === 0) return;
  build.segment('traffic', 'Verify the data in use');
  build.step({
    kind: 'verify-data',
    site: to,
    title: `verify the integrity of the data at ${names[to]}`,
    input: { epoch: epochs.to, checks, ...ofCopy(context) },
  });
  build.barrier();
}
