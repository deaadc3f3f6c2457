import type { ControlActivities, SiteActivities, StepActivities } from './contract';
import { controlActivities, type ControlParts } from './control-activities';
import type { Quiescer } from './hooks/quiesce';
import { evidenceActivities, type EvidenceParts } from './evidence-activities';
import type { EvidenceActivities } from './evidence-contract';
import { instancesActivities } from './instances-activities';
import type { InstancesActivities } from './instances-contract';
import { pointActivities } from './point-activities';
import type { PointActivities } from './point-contract';
import { readinessActivities } from './readiness-activities';
import type { ReadinessActivities } from './readiness-contract';
import { siteActivities } from './site-activities';
import { stageActivities } from './stage-activities';
import type { StageActivities } from './stage-contract';
import { stepActivities, type StepParts } from './step-activities';

export type RecoveryActivities = ControlActivities &
  SiteActivities &
  EvidenceActivities &
  InstancesActivities &
  PointActivities &
  ReadinessActivities &
  StageActivities &
  StepActivities;

export type ActivityParts = ControlParts & StepParts & EvidenceParts & { readonly quiescer: Quiescer };

/** Every activity of Switchback, over the given drivers. */
export function createActivities(parts: ActivityParts) {
  return {
    ...controlActivities(parts),
    ...siteActivities(parts),
    ...evidenceActivities(parts),
    ...instancesActivities(parts.drivers, parts.groups),
    ...pointActivities(parts.drivers, parts.quiescer),
    ...readinessActivities(parts.drivers),
    ...stageActivities(parts.drivers),
    ...stepActivities(parts),
  } satisfies RecoveryActivities;
}
