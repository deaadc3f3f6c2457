import type { FoundWorkload } from '../model/namespace-inventory';
import type { DraftCheck } from './checks';
import type { DraftVolume } from './draft-volumes';
import type { LeftOut } from './dependencies';
import type { Priority } from './priorities';
import type { Reference } from './references';
import { review } from './remarks';

/** What is known of one workload when it is written. */
export interface WorkloadFacts {
  readonly workload: FoundWorkload;
  readonly names: ReadonlyMap<FoundWorkload, string>;
  readonly priority: Priority;
  readonly dependencies: readonly Reference[];
  readonly leftOut: readonly LeftOut[];
  readonly checks: readonly DraftCheck[];
  /** Those that it writes. */
  readonly volumes: readonly DraftVolume[];
}

export interface DraftWorkload {
  readonly name: string;
  readonly priority: number;
  readonly dependsOn?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stopGrace?: string;
  readonly kubernetes: { readonly kind: string; readonly name: string; readonly replicas?: number };
  readonly checks?: readonly DraftCheck['check'][];
}

const LONGEST_GRACE_SECONDS = 3600;
const MOST_REPLICAS = 10_000;

export function draftWorkload({
  workload,
  names,
  priority,
  dependencies,
  checks,
  volumes,
}: WorkloadFacts): DraftWorkload {
  const { kind, name, stopped, replicas = 0, graceSeconds = 0 } = workload;
  const nameOf = (one: FoundWorkload): string => names.get(one) ?? one.name;
  const dependsOn = dependencies.map(({ to }) => nameOf(to));
  return {
    name: nameOf(workload),
    priority: priority.priority,
    ...(dependsOn.length > 0 && { dependsOn }),
    ...(volumes.length > 0 && { volumes: volumes.map((volume) => volume.name) }),
    ...(graceSeconds > 0 && { stopGrace: `${Math.min(graceSeconds, LONGEST_GRACE_SECONDS)}s` }),
    kubernetes: {
      kind,
      name,
      ...(replicas > 0 && { replicas: Math.min(replicas, MOST_REPLICAS) }),
      ...(stopped && { replicas: 0 }),
    },
    ...(checks.length > 0 && { checks: checks.map(({ check }) => check) }),
  };
}

/** What a person has to know of the workload as a whole, above it. */
export function remarksAbove({ workload, names, leftOut }: WorkloadFacts): readonly string[] {
  const { kind, stopped, madeBy, containers } = workload;
  const nameOf = (one: FoundWorkload): string => names.get(one) ?? one.name;
  const circles = leftOut.map(({ reference: { service, where, to }, circle }) => {
    const named = circle.map(nameOf).join(' -> ');
    return review(
      `${where} names the Service ${service}, so it may need ${nameOf(to)} too; left out, as it closes the circle ${named}`,
    );
  });
  const secrets = [...new Set(containers.flatMap(secretsOf))];
  return [
    ...circles,
    ...(madeBy === undefined ? [] : [review(`${madeBy} makes this ${kind}, and may undo what Switchback does to it`)]),
    ...(stopped
      ? [
          review(
            'it is switched off, and a run leaves it so: give it another number of replicas when it is to be started',
          ),
        ]
      : []),
    ...(secrets.length === 0
      ? []
      : [
          review(
            `what it takes from the Secret ${secrets.join(', ')} was not read; does that name something it depends on?`,
          ),
        ]),
  ];
}

const secretsOf = ({ env, envFrom }: FoundWorkload['containers'][number]): readonly string[] => [
  ...env.flatMap(({ from }) => (from?.kind === 'Secret' ? [from.name] : [])),
  ...envFrom.flatMap(({ kind, name }) => (kind === 'Secret' ? [name] : [])),
];

export const remarksOnDependencies = ({ dependencies, names }: WorkloadFacts): readonly string[] =>
  dependencies.map(({ to, service, where }) =>
    review(`${names.get(to) ?? to.name}: ${where} names the Service ${service}`),
  );
