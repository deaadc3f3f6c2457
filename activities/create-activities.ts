import type { RecoveryActivities } from './contract';
import { controlActivities, type ControlParts } from './control-activities';
import type { Quiescer } from './hooks/quiesce';
import { instancesActivities } from './instances-activities';
import { pointActivities } from './point-activities';
import { siteActivities } from './site-activities';
import { stageActivities } from './stage-activities';
import { stepActivities, type StepParts } from './step-activities';

export type ActivityParts = ControlParts & StepParts & { readonly quiescer: Quiescer };

/** Every activity of Switchback, over the given drivers. */
export function createActivities(parts: ActivityParts) {
  return {
    ...controlActivities(parts),
    ...siteActivities(parts),
    ...instancesActivities(parts.drivers, parts.groups),
    ...pointActivities(parts.drivers, parts.quiescer),
    ...stageActivities(parts.drivers),
    ...stepActivities(parts),
  } satisfies RecoveryActivities;
}
