import { SwitchbackFailure } from '../../core/model/failure';
import type { DoctorCheckId } from './check-catalog';

/** One thing that the doctor looked at. */
export interface CheckResult {
  readonly id: DoctorCheckId;
  readonly status: 'ok' | 'warning' | 'error';
  readonly saw: string;
  /** What to do about it; absent when it is in order. */
  readonly fix?: string;
}

export interface Finding {
  readonly status: CheckResult['status'];
  readonly saw: string;
  readonly fix?: string;
}

export const ok = (saw: string): Finding => ({ status: 'ok', saw });
export const warning = (saw: string, fix: string): Finding => ({ status: 'warning', saw, fix });
export const error = (saw: string, fix: string): Finding => ({ status: 'error', saw, fix });

/** A look that failed is a finding as well: the doctor never stops half-way. */
export async function findingOf(look: () => Promise<Finding>, fix: string): Promise<Finding> {
  try {
    return await look();
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure);
    return error(failure instanceof SwitchbackFailure ? `${failure.code}: ${message}` : message, fix);
  }
}
