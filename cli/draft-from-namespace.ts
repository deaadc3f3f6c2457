import { createRequire } from 'node:module';
import path from 'node:path';
import type * as DraftRunbook from '../core/draft/draft-runbook';
import type { RunbookDraft } from '../core/draft/draft-runbook';
import { SwitchbackFailure } from '../core/model/failure';
import type { InventoryAnswer, InventoryRequest } from '../core/model/namespace-inventory';
import type * as Diagnostics from '../core/runbook/diagnostic';
import type * as ParseRunbook from '../core/runbook/parse-runbook';
import { runChildProgram } from './child-program';
import type { Terminal } from './terminal/terminal';

export interface InitOptions {
  readonly fromNamespace: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly toContext?: string;
  readonly toNamespace?: string;
  readonly group?: string;
}

/** @throws SwitchbackFailure when the namespace cannot be read, or what is there makes no runbook */
export async function draftFromNamespace(options: InitOptions, env: Terminal['env']): Promise<RunbookDraft> {
  const { fromNamespace, context, kubeconfig, toContext, toNamespace = fromNamespace, group = fromNamespace } = options;
  const request: InventoryRequest = {
    namespace: fromNamespace,
    ...(context !== undefined && { context }),
    ...(kubeconfig !== undefined && { kubeconfig: path.resolve(kubeconfig) }),
    ...(toContext !== undefined && { to: { context: toContext, namespace: toNamespace } }),
  };
  const { primary, recovery } = await inventory(request, env);
  if (primary.context === toContext && fromNamespace === toNamespace) {
    const message = `--to-context and --to-namespace lead back to the namespace "${fromNamespace}" itself; name the other site`;
    throw new SwitchbackFailure('InvalidInput', message);
  }
  // Loaded when it is needed, as the parser of runbooks is: help is fast without them.
  const load = createRequire(__filename);
  const { draftRunbook } = load('../core/draft/draft-runbook') as typeof DraftRunbook;
  const draft = draftRunbook({
    inventory: primary,
    group,
    recovery: {
      namespace: toNamespace,
      ...(toContext !== undefined && { context: toContext }),
      ...(recovery && { standby: recovery }),
    },
    ...(kubeconfig !== undefined && { kubeconfig: path.basename(kubeconfig) }),
  });
  refuseInvalid(draft);
  return draft;
}

type Found = Extract<InventoryAnswer, { kind: 'found' }>;

async function inventory(request: InventoryRequest, env: Terminal['env']): Promise<Found> {
  let text = '';
  const code = await runChildProgram('drivers/kubernetes/inventory/main.ts', {
    args: [JSON.stringify(request)],
    env,
    line: (line) => (text += line),
  });
  if (text === '') throw new Error(`the program that reads the namespace ended early, with exit code ${code}`);
  const answer = JSON.parse(text) as InventoryAnswer;
  if (answer.kind === 'failed') throw new SwitchbackFailure(answer.code, answer.message);
  return answer;
}

/** Too many workloads, or a group that is no name: what was asked for cannot be a runbook. */
function refuseInvalid({ text, workloads }: RunbookDraft): void {
  const load = createRequire(__filename);
  const { parseRunbook } = load('../core/runbook/parse-runbook') as typeof ParseRunbook;
  const { formatDiagnostic } = load('../core/runbook/diagnostic') as typeof Diagnostics;
  const parsed = parseRunbook(text, 'draft');
  if (parsed.ok) return;
  const [first] = parsed.diagnostics;
  const why = first === undefined ? '' : `: ${formatDiagnostic(first)}`;
  throw new SwitchbackFailure('InvalidInput', `${workloads.length} workloads make no valid runbook${why}`);
}
