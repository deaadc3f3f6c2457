import type { DriverSet } from '../drivers/driver-set';
import type { RecoveryActivities } from './contract';
import { controlActivities, type ControlParts } from './control-activities';
import { siteActivities } from './site-activities';
import { stepActivities } from './step-activities';

export interface ActivityParts extends ControlParts {
  readonly drivers: DriverSet;
  /** Name of this worker, for the report. */
  readonly worker: string;
}

/** Every activity of Switchback, over the given drivers. */
export function createActivities(parts: ActivityParts) {
  return {
    ...controlActivities(parts),
    ...siteActivities(parts.drivers),
    ...stepActivities(parts.drivers, parts.groups, parts.worker),
  } satisfies RecoveryActivities;
}
