import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';
import type { Observation } from '../core/model/observation';
import type { ProtectionState } from '../core/model/protection';
import type { Runbook } from '../core/model/runbook';
import { effectivePhase } from '../core/running/protection-rules';
import { failByName } from './named-failure';
import { control } from './callers';
import { observe } from './prepare-run';

const inspectInput = z.strictObject({ runbook: z.string().min(1), connectivity: z.boolean().default(true) });

export interface Inspection {
  readonly runbook: Runbook;
  readonly state: ProtectionState | null;
  readonly sites: Observation['sites'];
  readonly connectivity: Observation['connectivity'];
  readonly records: Observation['records'];
}

/** Looks at both sites through their own workers, so that whoever asks needs no credentials of a site. Changes nothing. */
export function inspect(input: unknown): Promise<Inspection> {
  return failByName(() => look(input));
}

async function look(input: unknown): Promise<Inspection> {
  const parsed = inspectInput.safeParse(input);
  if (!parsed.success) throw ApplicationFailure.nonRetryable(z.prettifyError(parsed.error), 'InvalidInput');
  const { runbook } = await control.loadRunbook({ runbook: parsed.data.runbook });
  const state = await control.readState({ group: runbook.group });
  const phase = state ? effectivePhase(state) : 'Protected';
  const { sites, connectivity, records } = await observe(runbook, {
    phase,
    activeSite: state?.activeSite ?? 'primary',
  });
  return { runbook, state, sites, connectivity: parsed.data.connectivity ? connectivity : [], records };
}
