/** One panel, before it is in the form that Grafana imports. */
export interface PanelSpec {
  readonly title: string;
  readonly kind: 'timeseries' | 'stat' | 'table' | 'state-timeline';
  readonly queries: readonly (readonly [expr: string, legend: string])[];
  readonly unit: string;
  readonly width: number;
  readonly description: string;
  /** Of a table: only the labels say something. */
  readonly labelsOnly?: true;
  /** What values are called. */
  readonly names?: Readonly<Record<string, string>>;
  /** From which value on it is red. */
  readonly redFrom?: number;
}

const GROUP = 'group=~"$group"';

const perGroup = (metric: string, more = ''): string => `max by (group) (${metric}{${GROUP}${more}})`;
const ago = (metric: string, more = ''): string => `time() - ${perGroup(metric, more)}`;
/** Of a set of states the one that is, by its label. */
const stateOf = (metric: string, label: string): string => `max by (group, ${label}) (${metric}{${GROUP}}) == 1`;

/** From what must be seen first to what explains it. */
export const panels: readonly PanelSpec[] = [
  {
    title: 'Phase',
    kind: 'table',
    queries: [[stateOf('switchback_group_phase', 'phase'), '']],
    unit: 'none',
    width: 6,
    description: 'The phase that each group is in.',
    labelsOnly: true,
  },
  {
    title: 'Active site',
    kind: 'table',
    queries: [[stateOf('switchback_group_active_site', 'site'), '']],
    unit: 'none',
    width: 4,
    description: 'Where each group serves.',
    labelsOnly: true,
  },
  {
    title: 'Readiness',
    kind: 'table',
    queries: [[stateOf('switchback_group_readiness', 'state'), '']],
    unit: 'none',
    width: 6,
    description: 'Whether the next operations would work; nothing for a group whose readiness is not evaluated.',
    labelsOnly: true,
  },
  {
    title: 'Waits for people',
    kind: 'table',
    queries: [[`max by (group, waiting_for) (switchback_waiting{${GROUP}}) > 0`, '']],
    unit: 'none',
    width: 8,
    description: 'What runs wait for, and how many.',
  },
  {
    title: 'Lag and RPO',
    kind: 'timeseries',
    queries: [
      [ago('switchback_replication_complete_until_timestamp_seconds'), '{{group}} lag'],
      [perGroup('switchback_rpo_objective_seconds'), '{{group}} RPO'],
    ],
    unit: 's',
    width: 16,
    description:
      'How much data a disaster would lose at each moment, against the objective. Nothing while nothing is replicated.',
  },
  {
    title: 'RPO breach',
    kind: 'state-timeline',
    queries: [[perGroup('switchback_rpo_breach'), '{{group}}']],
    unit: 'none',
    width: 8,
    description: 'As the group says it.',
    names: { '0': 'within', '1': 'breached' },
    redFrom: 1,
  },
  {
    title: 'Replicated',
    kind: 'state-timeline',
    queries: [[perGroup('switchback_replication_active'), '{{group}}']],
    unit: 'none',
    width: 8,
    description: 'Whether data flows to a standby.',
    names: { '0': 'no', '1': 'yes' },
  },
  {
    title: 'Recovery time and RTO',
    kind: 'timeseries',
    queries: [
      [`max by (group, operation) (switchback_recovery_time_seconds{${GROUP}})`, '{{group}} {{operation}}'],
      [perGroup('switchback_rto_objective_seconds'), '{{group}} RTO'],
    ],
    unit: 's',
    width: 16,
    description: 'Of the last completed run of each operation, waits for people included.',
  },
  {
    title: 'Age of the last drill',
    kind: 'stat',
    queries: [
      [ago('switchback_drill_held_timestamp_seconds'), '{{group}}'],
      [perGroup('switchback_drill_expected_interval_seconds'), '{{group}} expected every'],
    ],
    unit: 's',
    width: 8,
    description: 'Time since the last drill that was carried out, and how often the schedules expect one.',
  },
  {
    title: 'Runs in the last 30 days',
    kind: 'table',
    queries: [[`sum by (group, operation, verdict) (increase(switchback_runs_total{${GROUP}}[30d])) > 0`, '']],
    unit: 'none',
    width: 12,
    description: 'As the workers counted them.',
  },
  {
    title: 'Last runs that did not end well',
    kind: 'table',
    queries: [
      [
        `1000 * max by (group, operation, verdict) (switchback_run_finished_timestamp_seconds{${GROUP},verdict!="completed"}) > 0`,
        '',
      ],
    ],
    unit: 'dateTimeAsIso',
    width: 12,
    description: 'When the last run of each operation and verdict ended.',
  },
  {
    title: 'Duration of steps, 95 of 100',
    kind: 'timeseries',
    queries: [
      [
        'histogram_quantile(0.95, sum by (kind, le) (rate(switchback_step_duration_seconds_bucket{result="done"}[1h])))',
        '{{kind}}',
      ],
    ],
    unit: 's',
    width: 12,
    description: 'Of one attempt, by kind of step, over all groups.',
  },
  {
    title: 'Steps that failed',
    kind: 'timeseries',
    queries: [['sum by (kind) (increase(switchback_step_duration_seconds_count{result="failed"}[1h]))', '{{kind}}']],
    unit: 'none',
    width: 12,
    description: 'Attempts in an hour; what is retried and then done counts as well.',
  },
  {
    title: 'Workers',
    kind: 'stat',
    queries: [['sum(up{job="switchback"})', 'answer']],
    unit: 'none',
    width: 8,
    description: 'Worker processes whose metrics can be read.',
  },
  {
    title: 'Seen',
    kind: 'timeseries',
    queries: [[ago('switchback_group_seen_timestamp_seconds'), '{{group}}']],
    unit: 's',
    width: 8,
    description: 'How long ago each group told how it stands; 15 seconds at most when all is well.',
  },
  {
    title: 'Drills not attested',
    kind: 'stat',
    queries: [[perGroup('switchback_drill_unattested'), '{{group}}']],
    unit: 'none',
    width: 8,
    description: 'They wait for somebody to say whether they passed.',
    redFrom: 1,
  },
];
