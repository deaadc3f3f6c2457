import { SwitchbackFailure } from '../../core/model/failure';

/** One thing that the doctor looked at. Its id is also the heading of its section in docs/reference/doctor.md. */
export interface CheckResult {
  readonly id: string;
  readonly group: CheckGroup;
  readonly status: 'ok' | 'warning' | 'error';
  readonly saw: string;
  /** What to do about it; absent when it is in order. */
  readonly fix?: string;
}

export type CheckGroup = 'server' | 'namespace' | 'workers' | 'sites';

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
