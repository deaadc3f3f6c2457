/** Every workflow type that the worker serves: type = function = file. */
export { attestation } from './attestation';
export { drill } from './drill';
export { executeSegment } from './execute-segment';
export { failback } from './failback';
export { failover } from './failover';
export { inspect } from './inspect';
export { plan } from './plan';
export { protection } from './protection';
export { readiness } from './readiness';
export { reprotect } from './reprotect';
export { schedules } from './schedules';
export { stage } from './stage';
export { stepTime } from './step-time';
