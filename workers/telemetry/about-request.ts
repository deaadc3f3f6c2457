import type { RunRef, StepRequest } from '../../activities/contract';

/** What an activity is about, for logs and traces. Names only: nothing that could hold a secret. */
export interface About {
  readonly group?: string;
  readonly operation?: string;
  readonly step?: string;
  readonly site?: string;
  readonly operationKey?: string;
}

type Request = Partial<Pick<StepRequest, 'step' | 'sites' | 'operationKey'>> & {
  readonly run?: Partial<RunRef>;
  readonly group?: string;
  readonly runbook?: unknown;
  readonly holder?: { readonly operation?: string };
};

/** As far as the input of the activity tells. */
export function aboutRequest(input: unknown): About {
  if (typeof input !== 'object' || input === null) return {};
  const { run, step, sites, operationKey, ...rest } = input as Request;
  const { runbook } = rest;
  const group = run?.group ?? rest.group ?? (typeof runbook === 'string' ? runbook : undefined);
  const operation = run?.operation ?? rest.holder?.operation;
  const site = step?.site && sites?.[step.site].name;
  return {
    ...(group !== undefined && { group }),
    ...(operation !== undefined && { operation }),
    ...(step && { step: step.id }),
    ...(site !== undefined && { site }),
    ...(operationKey !== undefined && { operationKey }),
  };
}
