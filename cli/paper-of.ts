import { createHash } from 'node:crypto';
import path from 'node:path';
import { SwitchbackFailure } from '../core/model/failure';
import type { FailoverMode, Operation } from '../core/model/operation';
import type { Runbook } from '../core/model/runbook';
import { assumedInput } from '../core/paper/assumed';
import { makePaper } from '../core/paper/make-paper';
import type { Paper } from '../core/paper/paper';
import { canonicalJson } from '../core/planning/canonical-json';
import { compilePlan } from '../core/planning/compile-plan';
import { readPlan } from './saved-plan';
import { readStateFile } from './state-file';

export interface PaperRequest {
  readonly operation: Operation;
  readonly mode?: FailoverMode;
  /** File of a saved plan; takes the place of operation and mode. */
  readonly plan?: string;
  /** File of an exported state. */
  readonly state?: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @throws SwitchbackFailure `InvalidInput` when a file is not of the runbook's group */
export async function paperOf(runbook: Runbook, runbookFolder: string, request: PaperRequest): Promise<Paper> {
  const printedAt = new Date().toISOString();
  const common = { runbookFolder, sha256, printedAt };
  if (request.plan !== undefined) {
    const { plan } = await readPlan(request.plan);
    refuseOtherGroup(request.plan, plan.group, runbook);
    const saved = `this is the plan that was saved in ${path.basename(request.plan)}: what it was compiled from may have changed since`;
    return makePaper({ ...common, plan, assumptions: [saved] });
  }
  const exported = request.state === undefined ? undefined : await readStateFile(request.state);
  if (exported) refuseOtherGroup(request.state ?? '', exported.state.group, runbook);
  const { operation, mode = 'planned' } = request;
  const input = assumedInput({
    runbook,
    digest: sha256(canonicalJson(runbook)),
    operation,
    mode,
    at: printedAt,
    ...(exported && { state: exported.state }),
  });
  const { phase, activeSite } = input.observation;
  const assumptions = [
    `the group is ${phase}, and ${runbook.sites[activeSite].name} is active`,
    'how far the replicas are behind is not known: it is looked at on the way',
    exported
      ? `numbers of instances are those that were known at ${exported.exportedAt}, where the site that is left does not say other ones`
      : 'numbers of instances are those of the runbook, where the site that is left does not say other ones',
  ];
  return makePaper({ ...common, plan: compilePlan(input, sha256), assumptions });
}

function refuseOtherGroup(file: string, has: string, { group }: Runbook): void {
  if (has === group) return;
  throw new SwitchbackFailure('InvalidInput', `${file} is of group "${has}", and the runbook of "${group}".`, { file });
}
