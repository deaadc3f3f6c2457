import type { HookAction } from '../core/model/added-step';
import type { HookObservation } from '../core/model/observation';
import type { Operation } from '../core/model/operation';
import { policyOf } from '../core/model/operation-policy';
import type { Runbook } from '../core/model/runbook';
import type { SiteRole } from '../core/model/site';
import { control, looks } from './callers';

const roles = ['primary', 'recovery'] as const;

/** Asks the workers whether they could run the hooks of an operation; undefined when it has none. Runs nothing. */
export async function observeHooks(runbook: Runbook, operation: Operation): Promise<HookObservation | undefined> {
  const hooks = hooksOf(runbook, operation);
  if (hooks.length === 0) return undefined;
  const programs = distinct(hooks.flatMap((hook) => (hook.kind === 'command' ? (hook.command[0] ?? []) : [])));
  const names = distinct(
    hooks.flatMap((hook) => (hook.kind === 'webhook' ? [hook.urlFrom, hook.secretFrom ?? []].flat() : [])),
  );
  const [missingVariables, ...answers] = await Promise.all([
    names.length === 0 ? [] : control.examineVariables({ names }),
    ...roles.map((role) => refusedAt(runbook, role, programs)),
  ]);
  return { missingVariables, refusedCommands: Object.assign({}, ...answers) as HookObservation['refusedCommands'] };
}

const hooksOf = (runbook: Runbook, operation: Operation): readonly HookAction[] =>
  (policyOf(runbook, operation).steps ?? []).flatMap(({ action, inverse }) => [
    ...(action.kind === 'manual' ? [] : [action]),
    ...(inverse ? [inverse] : []),
  ]);

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

async function refusedAt(
  { sites }: Runbook,
  role: SiteRole,
  programs: readonly string[],
): Promise<HookObservation['refusedCommands']> {
  if (programs.length === 0) return {};
  try {
    return { [role]: await looks(sites[role].name).examineCommands({ programs }) };
  } catch {
    // Missing from the observation, which a precheck names where a command is to run there.
    return {};
  }
}
