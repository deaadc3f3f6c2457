import { copyOf, copySite } from '../../core/model/drill';
import { SwitchbackFailure } from '../../core/model/failure';
import type { JsonObject } from '../../core/model/json';
import type { SiteRole, SiteSpec } from '../../core/model/site';
import type { TrafficSpec } from '../../core/model/traffic';
import type { VolumeSpec } from '../../core/model/volume';
import type { WorkloadSpec } from '../../core/model/workload';
import type { DriverSet } from '../../drivers/driver-set';
import type { CallContext, Mutation } from '../../drivers/ports';
import type { StepRequest } from '../contract';

/** What a step found out or did: one line for people, facts for the report. */
export interface StepOutcome {
  readonly summary: string;
  readonly facts: JsonObject;
}

/** The work of one kind of step. */
export type StepBody = (drivers: DriverSet, request: StepRequest, context: CallContext) => Promise<StepOutcome>;

/** Models are plain JSON without undefined; TypeScript cannot see that an interface is. */
export const asFact = (value: object): JsonObject => value as JsonObject;

/** The group that the step is about: of a drill its copy. */
export const groupOf = ({ run, step }: StepRequest): string =>
  step.input.isolated === true ? copyOf(run.group) : run.group;

export const mutationOf = (request: StepRequest): Mutation => ({
  group: groupOf(request),
  operationKey: request.operationKey,
  epoch: request.step.input.epoch ?? 0,
});

export const siteOf = (request: StepRequest): SiteSpec => siteAt(request, request.step.site);

export const sourceOf = (request: StepRequest): SiteSpec => siteAt(request, request.step.input.source);

function siteAt({ sites, step }: StepRequest, role: SiteRole | undefined): SiteSpec {
  const site = sites[needed(role, step.id, 'a site')];
  return step.input.isolated === true ? copySite(site) : site;
}

export const workloadOf = ({ workload, step }: StepRequest): WorkloadSpec => needed(workload, step.id, 'a workload');
export const volumeOf = ({ volume, step }: StepRequest): VolumeSpec => needed(volume, step.id, 'a volume');
export const recordOf = ({ record, step }: StepRequest): TrafficSpec => needed(record, step.id, 'a record');

/** The compiler gives every kind what it needs; a request without it was not made by the compiler. */
function needed<Value>(value: Value | undefined, step: string, what: string): Value {
  if (value === undefined)
    throw new SwitchbackFailure('InvalidInput', `step "${step}" names no ${what.slice(2)}`, { step });
  return value;
}
