import type { RecoveryActivities } from './contract';
import { controlActivities, type ControlParts } from './control-activities';
import { siteActivities } from './site-activities';
import { stepActivities, type StepParts } from './step-activities';

export type ActivityParts = ControlParts & StepParts;

/** Every activity of Switchback, over the given drivers. */
export function createActivities(parts: ActivityParts) {
  return {
    ...controlActivities(parts),
    ...siteActivities(parts),
    ...stepActivities(parts),
  } satisfies RecoveryActivities;
}
