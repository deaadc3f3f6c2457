import type { SiteRole, SiteSpec } from '../core/model/site';
import type { RecoveryPoint, VolumeSpec } from '../core/model/volume';

export interface ReplicateRequest {
  readonly group: string;
  readonly operationKey: string;
  readonly epoch: number;
  readonly sites: Readonly<Record<SiteRole, SiteSpec>>;
  readonly source: SiteRole;
  readonly target: SiteRole;
  readonly volumes: readonly VolumeSpec[];
  /** True when a recovery point is due after the pass. */
  readonly capture: boolean;
  readonly retention: readonly { readonly everySeconds: number; readonly forSeconds: number }[];
  readonly heartbeatSeconds: number;
}

export interface ReplicatePass {
  readonly asOf: Readonly<Record<string, string>>;
  readonly bytesSent: number;
  readonly points: readonly RecoveryPoint[];
  readonly thinned: readonly string[];
  readonly finishedAt: string;
}
