/**
 * Every metric of Switchback, by its name in Prometheus. Durations and instants are in seconds, instants since the epoch. Labels
 * take values of closed lists, and names that runbooks give. NaN says "none, or not known": no comparison with it is true.
 */
export interface MetricTraits {
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** One sentence: the HELP line, and the reference. */
  readonly help: string;
  readonly labels: readonly string[];
  /**
   * group: what Temporal keeps of the group; every worker exports the same, and after a restart as well, so that queries take `max`.
   * process: what this process saw since it began, so that queries take `sum`.
   */
  readonly scope: 'group' | 'process';
}

const gauge = (help: string, ...labels: readonly string[]) =>
  ({ type: 'gauge', scope: 'group', help, labels: ['group', ...labels] }) as const;

export const metrics = {
  switchback_group_seen_timestamp_seconds: gauge('When the group last told this worker its state.'),
  switchback_group_phase: gauge('1 for the phase that the group is in, 0 for the others.', 'phase'),
  switchback_group_active_site: gauge('1 for the site role that is active, 0 for the other.', 'site'),
  switchback_group_readiness: gauge(
    '1 for the readiness that was found last, 0 for the others; NaN when it was never evaluated.',
    'state',
  ),
  switchback_group_readiness_evaluated_timestamp_seconds: gauge('When readiness was last evaluated.'),
  switchback_replication_active: gauge('1 while data of the group is replicated in a direction, 0 while it is not.'),
  switchback_replication_complete_until_timestamp_seconds: gauge(
    'Every write acknowledged before this instant is at the standby; 0 while no pass was complete, NaN while nothing is replicated.',
  ),
  switchback_rpo_objective_seconds: gauge('Objective for the data loss, of the direction in which data flows.'),
  switchback_rpo_breach: gauge('1 while the group says that its lag is over the objective, else 0.'),
  switchback_rpo_breach_since_timestamp_seconds: gauge('When the breach of the RPO began that goes on.'),
  switchback_rto_objective_seconds: gauge('Objective for the recovery time.'),
  switchback_recovery_time_seconds: gauge(
    'Recovery time of the last completed run of the operation, waits for people included; of a drill, of its first leg.',
    'operation',
  ),
  switchback_run_finished_timestamp_seconds: gauge(
    'When the last run of the operation with this verdict ended.',
    'operation',
    'verdict',
  ),
  switchback_waiting: gauge('What runs of the group wait for, counted.', 'waiting_for'),
  switchback_waiting_since_timestamp_seconds: gauge('Since when the longest of these waits.', 'waiting_for'),
  switchback_drill_held_timestamp_seconds: gauge('When the last drill ended that was carried out to its end.'),
  switchback_drill_expected_interval_seconds: gauge(
    'The longest time between two starts that a schedule of drills has planned; of several schedules, the shortest of these.',
  ),
  switchback_drill_expected_since_timestamp_seconds: gauge('When the first of these schedules was made.'),
  switchback_drill_unattested: gauge('Drills that wait for somebody to attest them.'),
  switchback_drill_unattested_since_timestamp_seconds: gauge('When the oldest of these ended.'),
  switchback_runs_total: {
    type: 'counter',
    scope: 'process',
    help: 'Runs whose end this worker has told their group, by verdict. None is counted twice; one is missing when its worker was killed, or lost its server, in that moment.',
    labels: ['group', 'operation', 'verdict'],
  },
  switchback_step_duration_seconds: {
    type: 'histogram',
    scope: 'process',
    help: 'What one attempt of a step took in this worker, by kind of step and result.',
    labels: ['kind', 'result'],
  },
} as const satisfies Record<string, MetricTraits>;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as readonly MetricName[];

export type GaugeName = {
  [Name in MetricName]: (typeof metrics)[Name]['type'] extends 'gauge' ? Name : never;
}[MetricName];

/** Upper bounds of the buckets of `switchback_step_duration_seconds`: from a look to the first copy of a large volume. */
export const stepDurationBuckets: readonly number[] = [0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200];

/** How an attempt of a step ended. */
export type StepOutcomeLabel = 'done' | 'failed' | 'cancelled';
