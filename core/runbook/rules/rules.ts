import type { Rule } from '../part';
import { addedStepKinds, addedStepPlaces, addedStepSites } from './added-steps';
import { checkKinds, checkPorts, checkTimes, jsonExpectations, placeholders } from './checks';
import { dependencyCycles, priorityContradictions } from './dependencies';
import { contradictingPolicies, impossiblePolicies } from './failure-policies';
import { gateKindRule, gateModes } from './gates';
import { gradeOrder } from './grades';
import { kubernetesObjects, sharedObjects } from './kubernetes';
import { sharedClaims, volumesOfClusters } from './kubernetes-volumes';
import { duplicateNames } from './names';
import { orders } from './orders';
import { unknownVolumes, unknownWorkloads } from './references';
import { objectives, quiescing, retention } from './replication';
import { scheduleCalendars } from './schedules';
import { approvalsPossible, attestationPossible, unknownPeople } from './people';
import { sitePair } from './sites';
import { stageMaps, staging } from './stage';
import { recordSets, recordTtls, recordValues } from './traffic';
import { volumeUse } from './volumes';
import { weakChecks } from './weak-checks';
import { blackoutTimes, gateTimes, recurrences } from './windows';
import { localProcesses, portConflicts, secrets, uncheckedWorkloads } from './workloads';

/** Everything that a schema cannot say. Each rule stands alone; their order matters only beyond the limit of diagnostics. */
export const rules: readonly Rule[] = [
  sitePair,
  duplicateNames,
  unknownWorkloads,
  unknownVolumes,
  dependencyCycles,
  priorityContradictions,
  orders,
  localProcesses,
  kubernetesObjects,
  sharedObjects,
  volumesOfClusters,
  sharedClaims,
  staging,
  stageMaps,
  portConflicts,
  checkKinds,
  checkPorts,
  checkTimes,
  jsonExpectations,
  placeholders,
  volumeUse,
  objectives,
  gradeOrder,
  retention,
  quiescing,
  recordTtls,
  recordValues,
  recordSets,
  gateKindRule,
  gateModes,
  gateTimes,
  recurrences,
  scheduleCalendars,
  addedStepKinds,
  addedStepPlaces,
  addedStepSites,
  impossiblePolicies,
  contradictingPolicies,
  blackoutTimes,
  unknownPeople,
  approvalsPossible,
  attestationPossible,
  uncheckedWorkloads,
  weakChecks,
  secrets,
];
