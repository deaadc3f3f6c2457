import type { KubernetesSite } from '../../model/site';
import type { WorkloadSpec } from '../../model/workload';
import { act, see, type Block, type Written } from '../paper';
import { countLeft, fed, NOTHING_LEFT, number, shellJson } from '../shell';
import type { HandChange, Place, SitePaper, StartByHand } from '../site-paper';
import { autoscalerLines } from './autoscaler-lines';
import { annotationAt, eachObject, isBuiltIn, kindOf, kubectl, objectsOf, type PaperKind } from './kubectl';

type KubernetesPlace = Place<KubernetesSite>;

/** As the driver writes them: drivers/kubernetes/workloads/annotations.ts. */
const annotation = {
  group: 'switchback.dev/group',
  epoch: 'switchback.dev/epoch',
  replicas: 'switchback.dev/original-replicas',
  operations: 'switchback.dev/operations',
} as const;

const STOPPED_NODE = 'switchback.dev/stopped';

/** A command that prints how many instances an object wants now. */
const wanted: Readonly<Record<PaperKind['scales'], (get: string) => string>> = {
  replicas: (get) => `${get} -o jsonpath='{.spec.replicas}'`,
  suspend: (get) => `${get} -o jsonpath='{.spec.suspend}' | grep -qx true && echo 0 || echo 1`,
  nodes: (get) =>
    `${get} -o jsonpath='{.spec.template.spec.nodeSelector}' | grep -q ${STOPPED_NODE} && echo 0 || echo 1`,
};

const stopped: Readonly<Record<PaperKind['scales'], object>> = {
  replicas: { replicas: 0 },
  suspend: { suspend: true },
  nodes: { template: { spec: { nodeSelector: { [STOPPED_NODE]: 'true' } } } },
};

/** With the number of instances in `$N`. */
const started: Readonly<Record<PaperKind['scales'], object>> = {
  replicas: { replicas: number('$N') },
  suspend: { suspend: number('$([ "$N" = 0 ] && echo true || echo false)') },
  nodes: {
    template: { spec: { nodeSelector: { [STOPPED_NODE]: number(`$([ "$N" = 0 ] && echo '"true"' || echo null)`) } } },
  },
};

const operations = (did: 'start' | 'stop', key: string): string => JSON.stringify([{ did, key }]);

const patch = (here: string, path: string, change: object): string =>
  fed(`${here} patch ${path} --type merge --patch-file /dev/stdin`, shellJson(change));

/** How many there were is written on the object in the same change, and only once however often the step is repeated. */
function stop(place: KubernetesPlace, { workload, key }: HandChange & { readonly workload: WorkloadSpec }): Written {
  const here = kubectl(place);
  const { scales } = kindOf(objectsOf(workload), here);
  const lines = eachObject(here, workload, ({ path, name }) => [
    `if ! ${here} get ${path} -o jsonpath=${annotationAt(annotation.operations)} | grep -qF "${key}"; then`,
    `N=$(${wanted[scales](`${here} get ${path}`)})`,
    patch(here, path, {
      metadata: {
        annotations: {
          [annotation.group]: place.group,
          [annotation.replicas]: '$N',
          [annotation.operations]: operations('stop', key),
        },
      },
      spec: stopped[scales],
    }),
    'fi',
    ...autoscalerLines.aside(here, { path, name }),
  ]);
  return { blocks: [act(...lines), ...gone(here, workload)] };
}

/**
 * Pods that are told to end may still write: stopped is when none is left, and no controller is still to hear that none is wanted,
 * which would bring up new ones: drivers/kubernetes/workloads/may-start-again.ts.
 */
function gone(here: string, workload: WorkloadSpec): readonly Block[] {
  const { scales } = kindOf(objectsOf(workload), here);
  const within = workload.stopGraceSeconds + 60;
  if (scales === 'suspend') {
    const running = eachObject(here, workload, ({ name }) => [
      `printf '%s\\n' "$PODS" | { grep "^${name}-[0-9]* *\\(Running\\|Pending\\)" || true; }`,
    ]);
    const pods = `PODS=$(${here} get pods --no-headers -o custom-columns=JOB:.metadata.labels.job-name,PHASE:.status.phase)`;
    return [see(countLeft([pods, ...running]), NOTHING_LEFT)];
  }
  const untold = eachObject(here, workload, ({ path }) => untoldOf(here, workload, path));
  const pods = eachObject(here, workload, ({ path }) => [
    `${here} wait --for=delete pod --selector "$(${selectorOf(here, path)})" --timeout=${within}s || true`,
  ]);
  const left = eachObject(here, workload, ({ path }) => [
    `${here} get pods --selector "$(${selectorOf(here, path)})" --output name`,
  ]);
  return [
    act(`for TRY in $(seq ${within}); do [ -z "$(\n${untold.join('\n')}\n)" ] && break; sleep 1; done`, ...pods),
    see(countLeft([...untold, ...left]), NOTHING_LEFT),
  ];
}

/** Prints the object when its controller has not looked at it since its last change, and ReplicaSets of it that want pods, or have not been told. */
function untoldOf(here: string, workload: WorkloadSpec, path: string): readonly string[] {
  const of = objectsOf(workload);
  const seen = '{.metadata.generation} {.status.observedGeneration}{"\\n"}';
  const own = `${here} get ${path} -o jsonpath='{.metadata.name} ${seen}' | awk '$2 != $3'`;
  const sets = `${here} get replicasets.apps --selector "$(${selectorOf(here, path)})" -o jsonpath='{range .items[*]}{.metadata.name} {.spec.replicas} ${seen}{end}' | awk '$2 != 0 || $3 != $4'`;
  // What the status of a custom kind means by it is known to its controller alone.
  return [...(isBuiltIn(of) ? [own] : []), ...(of.kind === 'Deployment' || !isBuiltIn(of) ? [sets] : [])];
}

const selectorOf = (here: string, path: string): string =>
  `${here} get ${path} -o go-template='{{range $k, $v := .spec.selector.matchLabels}}{{$k}}={{$v}},{{end}}' | sed 's/,$//'`;

/** As many as there were where it ran before, as the stop has written there; when that site does not answer, as was known last. */
function start(place: KubernetesPlace, change: StartByHand): Written {
  const { workload, epoch, key, before, instances } = change;
  const here = kubectl(place);
  const { scales } = kindOf(objectsOf(workload), here);
  const there = before.site.driver === 'kubernetes' ? kubectl({ ...before, site: before.site }) : here;
  const lines = eachObject(here, workload, ({ path, name }) => [
    `N=$(${there} get ${path} -o jsonpath=${annotationAt(annotation.replicas)} 2> /dev/null || true)`,
    `N=\${N:-${knownNumber(workload, instances, name)}}`,
    patch(here, path, {
      metadata: {
        annotations: {
          [annotation.group]: place.group,
          [annotation.epoch]: epoch,
          [annotation.replicas]: '$N',
          [annotation.operations]: operations('start', key),
        },
      },
      spec: started[scales],
    }),
    ...autoscalerLines.back(here, { path, name }),
    ...(scales === 'replicas' ? [ready(here, path)] : []),
  ]);
  return {
    tells: [
      `How many instances: as the stop wrote it at ${before.site.name}; where that does not answer, ${said(workload, instances)}.`,
    ],
    blocks: [act(...lines), see(upScript(here, workload), 'ready')],
  };
}

function knownNumber(workload: WorkloadSpec, instances: StartByHand['instances'], name: string): number {
  if (instances?.switchedOff?.includes(name)) return 0;
  return instances?.wanted?.[name] ?? instances?.replicas ?? workload.kubernetes?.replicas ?? 1;
}

const said = (workload: WorkloadSpec, instances: StartByHand['instances']): string =>
  instances === undefined
    ? `the number of the runbook, ${workload.kubernetes?.replicas ?? 1}`
    : 'the number that was seen last';

const ready = (here: string, path: string): string =>
  `[ "$N" = 0 ] || ${here} wait --for=jsonpath='{.status.readyReplicas}'="$N" ${path} --timeout=600s`;

function upScript(here: string, workload: WorkloadSpec): string {
  const { scales } = kindOf(objectsOf(workload), here);
  const test = (path: string): string => {
    const get = (of: string): string => `$(${here} get ${path} -o jsonpath='{${of}}')`;
    if (scales === 'suspend') return `${here} get ${path} > /dev/null`;
    if (scales === 'nodes') return `${here} rollout status ${path} --timeout=600s > /dev/null`;
    return `READY=${get('.status.readyReplicas')} && [ "\${READY:-0}" = "${get('.spec.replicas')}" ]`;
  };
  return [
    'UP=yes',
    ...eachObject(here, workload, ({ path }) => [`${test(path)} || { echo "not up: ${path}"; UP=no; }`]),
    '[ "$UP" = yes ] && echo ready',
  ].join('\n');
}

export const kubernetesWorkloads: Pick<SitePaper<KubernetesSite>, 'stop' | 'start'> = { stop, start };
