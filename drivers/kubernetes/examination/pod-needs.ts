/** The parts of a pod template that say what a pod is made of and needs to start. */
export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly {
    readonly configMap?: Named;
    readonly persistentVolumeClaim?: { readonly claimName: string };
    readonly projected?: { readonly sources?: readonly { readonly configMap?: Named }[] };
  }[];
}

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly envFrom?: readonly { readonly configMapRef?: Named }[];
  readonly env?: readonly { readonly valueFrom?: { readonly configMapKeyRef?: Named } }[];
}

interface Named {
  readonly name?: string;
  readonly optional?: boolean;
}

const containersOf = ({ containers = [], initContainers = [] }: PodSpec): readonly Container[] => [
  ...initContainers,
  ...containers,
];

/** By "<object>/<container>". */
export const imagesOf = (object: string, spec: PodSpec): readonly (readonly [container: string, image: string])[] =>
  containersOf(spec).flatMap(({ name, image }) => (image === undefined ? [] : [[`${object}/${name}`, image] as const]));

export interface PodNeeds {
  readonly configMaps: readonly string[];
  readonly claims: readonly string[];
}

/** Without what a pod starts without. Secrets are left out: the worker has no right to look at them. */
export function needsOf(spec: PodSpec): PodNeeds {
  const containers = containersOf(spec);
  const volumes = spec.volumes ?? [];
  const named = [
    ...containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef)),
    ...containers.flatMap(({ env = [] }) => env.map(({ valueFrom }) => valueFrom?.configMapKeyRef)),
    ...volumes.map(({ configMap }) => configMap),
    ...volumes.flatMap(({ projected }) => (projected?.sources ?? []).map(({ configMap }) => configMap)),
  ];
  return {
    configMaps: distinct(named.flatMap((one) => (one?.name === undefined || one.optional ? [] : [one.name]))),
    claims: distinct(
      volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim === undefined ? [] : [claim.claimName])),
    ),
  };
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
