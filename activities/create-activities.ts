import type { RecoveryActivities } from './contract';
import { controlActivities, type ControlParts } from './control-activities';
import type { Quiescer } from './hooks/quiesce';
import { pointActivities } from './point-activities';
import { siteActivities } from './site-activities';
import { stepActivities, type StepParts } from './step-activities';

export type ActivityParts = ControlParts & StepParts & { readonly quiescer: Quiescer };

/** Every activity of Switchback, over the given drivers. */
export function createActivities(parts: ActivityParts) {
  return {
    ...controlActivities(parts),
    ...siteActivities(parts),
    ...pointActivities(parts.drivers, parts.quiescer),
    ...stepActivities(parts),
  } satisfies RecoveryActivities;
}
