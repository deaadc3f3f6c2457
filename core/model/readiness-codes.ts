/** What a reason of readiness means, and what is to be done where nothing more precise is known. */
interface ReasonTraits {
  readonly means: string;
  readonly doThis: string;
}

/** Every reason. Those that are named as a precheck of plans are that precheck, as an operation would see it now. */
export const reasonCodes = {
  ActiveSiteHealthy: {
    means: 'Something of the active site is not in order; a planned operation would be refused.',
    doThis: 'mend what the site says of itself: switchback sites RUNBOOK',
  },
  ActiveSiteLost: {
    means: 'The active site does not answer. An unplanned failover would work; what is planned would be refused.',
    doThis:
      'find out whether the site is lost; then decide: switchback run failover RUNBOOK --mode unplanned, or bring the site back',
  },
  StandbySiteHealthy: {
    means: 'Something of the standby is not in order; nothing could be moved there.',
    doThis: 'mend what the site says of itself: switchback sites RUNBOOK',
  },
  SitesConnected: {
    means: 'The way between the sites does not carry data.',
    doThis: 'mend the network between the sites; try it with: switchback sites RUNBOOK test',
  },
  StandbyStopped: {
    means: 'A workload runs at the standby, or it is not certain that it does not.',
    doThis: 'stop there what runs, and bring back what is missing or cannot be looked at',
  },
  ActiveRunning: {
    means: 'A workload does not run at the active site: whether it works after a move is not known.',
    doThis: 'start it at the active site, or take it out of the runbook',
  },
  NothingLeftBehind: {
    means: 'Something runs at the active site that no workload of the runbook names.',
    doThis: 'name it under `workloads`, or list it under `stage.except` when each site has its own',
  },
  DataNotNewer: {
    means: 'The standby has data of a higher epoch than the active site.',
    doThis: 'find out which side has been written to last before anything moves: switchback points RUNBOOK',
  },
  RecoveryPointKnown: {
    means:
      'A volume has neither a replica nor a recovery point at the standby: a failover would have no data to start on.',
    doThis: 'let a pass of replication complete; `switchback status` says why the last one failed',
  },
  CopyIsolated: {
    means: 'A drill would have no address of its own for its copy.',
    doThis: 'give each site a `drill.address` that nothing else uses',
  },
  RecordAsExpected: {
    means: 'A record is not what it is to be before it moves, or cannot be read: it would not be overwritten.',
    doThis:
      'set the record to the values of the active site, or correct the runbook; mend what keeps it from being read',
  },
  CommandsAllowed: {
    means: 'A worker would not run the program of a hook.',
    doThis: 'install the program, and add it to SWITCHBACK_ALLOWED_COMMANDS of the worker that is named',
  },
  WebhooksReady: {
    means: 'The address or the secret of a webhook is not set.',
    doThis: 'set the variables where the worker of the control queue runs, and start it again',
  },
  WindowsOpenAgain: {
    means: 'A maintenance window never opens again.',
    doThis: 'change the window in the runbook, or give a start with the run: --window NAME=START/LENGTH',
  },
  PlanNotMade: {
    means: 'The plan of an operation cannot be made, or does not fit into Temporal.',
    doThis: 'look at the same with: switchback plan RUNBOOK --operation OPERATION',
  },
  RunbookUnusable: {
    means: 'The runbook cannot be read or has mistakes: every operation would be refused.',
    doThis: 'correct it until this has no complaint: switchback validate FILE',
  },
  GroupIncomplete: {
    means: 'A run has stopped half-way: the sites are neither as before nor as after it.',
    doThis: 'go on with the run, or take it back: switchback status RUNBOOK names the command',
  },
  EvaluationFailed: {
    means: 'The last evaluation came to no end: what is known is older than it should be.',
    doThis:
      'see that the workers of both sites and of the control queue run; evaluate again: switchback readiness RUNBOOK',
  },
  SiteNotExamined: {
    means: 'Something of a site could not be looked at; what drifted there is not known.',
    doThis: 'give the worker the right that is missing, or start the worker of that site',
  },
  PartMissing: {
    means: 'A workload needs something that is not at the site: a program, a ConfigMap, a claim.',
    doThis: 'put it there, as it is at the other site',
  },
  ImageDiffers: {
    means: 'The standby would start another image than the one that serves now.',
    doThis: 'deploy the same release at both sites, or let `stage` keep the standby current',
  },
  HealthSelfReported: {
    means:
      'Workloads say of themselves that they work, or their cluster does: no check of them, or of what depends on them, asks what customers ask.',
    doThis:
      'add a check that asks what customers ask: to the workload, to one that depends on it (`dependsOn`), or to `integrity`',
  },
  InstancesNotUp: {
    means: 'Fewer instances are up at the active site than are wanted.',
    doThis: 'find out why they do not come up; at the other site they may not either',
  },
  InstancesUnknown: {
    means: 'How many instances are to be started is not known for certain.',
    doThis: 'let the workload run at the active site when the group looks, or write `replicas` at the workload',
  },
  ReplicasDiffer: {
    means: 'The runbook says another number of instances than the active site has.',
    doThis: 'write the number of today as `replicas` at the workload, or scale the workload',
  },
  VolumeMissing: {
    means: 'There is no place for a volume at a site.',
    doThis: 'make the claim or the folder that the runbook names there',
  },
  VolumeSmaller: {
    means: 'The place of a volume at the standby is smaller than at the active site.',
    doThis: 'let the claim at the standby grow to the same size',
  },
  VolumeClassDiffers: {
    means: 'The claim at the standby has another storage class than `stage.maps` says.',
    doThis: 'make the claim anew with the class of the map, or correct `stage.maps.storageClasses`',
  },
  LagAboveObjective: {
    means: 'The standby is further behind than the objective for data loss allows.',
    doThis: 'find out what holds replication up: `switchback status`; a larger RPO is a decision of its owner',
  },
  ReplicationFailing: {
    means: 'The last pass of replication failed.',
    doThis: 'mend what it says; the next pass comes by itself',
  },
  ReplicationPaused: {
    means: 'Replication is paused although no run holds the group.',
    doThis: 'start an operation that resumes it, or see why the last one left it so: switchback status RUNBOOK',
  },
  FenceUnconfirmed: {
    means: 'Nobody knows whether the standby is fenced: what ran there may still write.',
    doThis: 'bring the site back so that it can be fenced; that is tried by itself in every turn',
  },
  StandbyNotCurrent: {
    means: 'Objects of the standby are not what they are at the active site.',
    doThis: 'look at what staging could not do: switchback stage RUNBOOK --dry-run',
  },
  RecordTtlHigher: {
    means: 'A record is kept longer by resolvers than the runbook says: customers would be led wrong for longer.',
    doThis: 'set the TTL of the record to that of the runbook, or write the true one into the runbook',
  },
  CredentialExpires: {
    means: 'A credential expires within twice the objective for recovery time: it could end during a recovery.',
    doThis: 'renew it, and put it where the worker of the site reads it',
  },
  ApproverUnknown: {
    means: 'An approver is no person of `people`: nobody can tell who that is.',
    doThis: 'declare the person under `people`, or take the name out of the gate',
  },
  ApproverWithoutKey: {
    means: 'Decisions of others at the gate are signed, and those of this approver could not be.',
    doThis: 'let the approver make a key (switchback key), and write its public half under `people`',
  },
  NoticesUnset: {
    means: 'Nobody would be told: the address or the secret of a notice is not set.',
    doThis: 'set the variables where the worker of the control queue runs, and start it again',
  },
  LastDrillFailed: {
    means: 'The drill that was attested last has failed.',
    doThis: 'mend what its report says, and hold another: switchback run drill RUNBOOK',
  },
  DrillLeft: {
    means: 'The copy of a drill is still at the standby and takes its room.',
    doThis: 'hold another drill, which removes it: switchback run drill RUNBOOK',
  },
} as const satisfies Readonly<Record<string, ReasonTraits>>;

export type ReasonCode = keyof typeof reasonCodes;

/** What to do, in commands of this group. */
export const adviceOf = (code: ReasonCode, group: string): string =>
  reasonCodes[code].doThis.replaceAll('RUNBOOK', group);
