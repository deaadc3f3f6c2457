import type { ProtectionState } from '../core/model/protection';

/** Read and replace the state of the group. */
export interface StateCell {
  readonly get: () => ProtectionState;
  readonly change: (state: ProtectionState) => void;
}
