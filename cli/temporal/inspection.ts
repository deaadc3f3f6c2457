import type { SiteObservation } from '../../core/model/observation';
import type { ProtectionState } from '../../core/model/protection';
import type { Runbook } from '../../core/model/runbook';
import type { Connectivity, SiteRole } from '../../core/model/site';
import type { RecordState } from '../../core/model/traffic';

/** Result of the workflow `inspect`. */
export interface Inspection {
  readonly runbook: Runbook;
  /** Null when the group has no protection workflow yet. */
  readonly state: ProtectionState | null;
  readonly sites: Readonly<Record<SiteRole, SiteObservation>>;
  /** Empty unless it was asked for. */
  readonly connectivity: readonly Connectivity[];
  /** By record name; a record that could not be read is absent. */
  readonly records: Readonly<Record<string, RecordState>>;
}
