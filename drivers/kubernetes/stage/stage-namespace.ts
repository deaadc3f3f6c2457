import type { StageDiff } from '../../../core/model/stage';
import { applyKind } from './apply-kind';
import { missingWorkloads, pruneKind } from './prune-kind';
import { readKinds } from './read-kinds';
import { assertNamespaces, assertStandby } from './standby';
import type { Staging } from './staging';

/** Contract: drivers/ports.ts. Ends the same however often it was begun before: each object is made what it should be, by itself. */
export async function stageNamespace(staging: Staging): Promise<StageDiff> {
  const { source, target, request, record, context } = staging;
  context.signal.throwIfAborted();
  await assertStandby(staging);
  await assertNamespaces(staging);
  const kinds = await readKinds(staging);
  for (const objects of kinds) await applyKind(staging, objects);
  const missing = missingWorkloads(staging, kinds);
  if (missing.length > 0) {
    const because = `nothing is deleted while the active site lacks what the runbook names: ${missing.join(', ')}`;
    record.trouble(`namespace ${source.namespace}`, because);
  } else {
    await assertStandby(staging);
    // What others refer to goes last.
    for (const objects of [...kinds].reverse()) await pruneKind(staging, objects);
  }
  return record.diff({ from: source.site.name, to: target.site.name, dryRun: request.dryRun });
}
