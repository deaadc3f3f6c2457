import type { KubernetesSite } from '../../model/site';
import type { WorkloadSpec } from '../../model/workload';
import { act, see, type Written } from '../paper';
import { fed, shellJson } from '../shell';
import type { HandChange, Place } from '../site-paper';
import { eachObject, kindOf, kubectl, objectsOf } from './kubectl';

/** Names as they stand in the cluster: drivers/kubernetes/fence/fence-record.ts. */
const nameIn = (group: string): string => group.replace('~', '.');
const fenceName = (group: string): string => `switchback-fence-${nameIn(group)}`;

/** The ConfigMap that the admission policy reads: made when it is missing, and never lowered, which the policy refuses. */
export function kubernetesFence(
  place: Place<KubernetesSite>,
  { epoch, key, fencing }: HandChange & { readonly fencing: 'fenced' | 'unfenced' },
): Written {
  const here = kubectl(place);
  const name = fenceName(place.group);
  const patch = (data: string): string =>
    fed(`${here} patch configmap ${name} --type merge --patch-file /dev/stdin`, data);
  const data = { epoch, fencing, setBy: key, at: '$(date -u +%Y-%m-%dT%H:%M:%S.000Z)' };
  return {
    tells: [
      'From then on the cluster itself refuses to bring up what has a lower epoch (deploy/kubernetes/fence-policy.yaml). It also refuses a lower fence: then somebody else has moved the group, and you stop here.',
    ],
    blocks: [
      act(
        `${here} get configmap ${name} > /dev/null 2>&1 || ${here} create configmap ${name} --from-literal=epoch=0 --from-literal=fencing=unfenced`,
        `${here} label --overwrite configmap ${name} switchback.dev/fence=${nameIn(place.group)} app.kubernetes.io/managed-by=switchback`,
        ...place.context.plan.runbook.workloads.flatMap((workload) => cover(here, workload, patch)),
        patch(shellJson({ data })),
      ),
      see(`${here} get configmap ${name} -o jsonpath='{.data.fencing}'`, fencing),
    ],
  };
}

/** What the fence covers is named in it, object by object. */
function cover(here: string, workload: WorkloadSpec, patch: (data: string) => string): readonly string[] {
  const of = objectsOf(workload);
  const { covered, apiVersion } = kindOf(of, here);
  return eachObject(here, workload, ({ name }) => [
    `COVERED=${covered}`,
    patch(shellJson({ data: { [`workload.$COVERED.${name}`]: JSON.stringify({ apiVersion, kind: of.kind, name }) } })),
  ]);
}

/** Every epoch that is written down in the namespace, one a line: of the fence, the volumes and the workloads. */
export const epochsAt = (place: Place<KubernetesSite>): string => {
  const here = kubectl(place);
  const group = place.context.plan.group;
  const ofVolumes = place.context.plan.runbook.volumes.map(
    ({ name }) =>
      `${here} get configmap switchback-volume-${nameIn(group)}-${name} -o jsonpath='{.data.state}' --ignore-not-found | grep -o '"epoch":[0-9]*' | cut -d : -f 2`,
  );
  const ofObjects = [
    ...new Set(place.context.plan.runbook.workloads.map((one) => kindOf(objectsOf(one), here).resource)),
  ];
  return [
    `${here} get configmap ${fenceName(group)} -o jsonpath='{.data.epoch}{"\\n"}' --ignore-not-found`,
    ...ofVolumes,
    ...ofObjects.map(
      (resource) =>
        `${here} get ${resource} -o jsonpath='{range .items[*]}{.metadata.annotations.switchback\\.dev/epoch}{"\\n"}{end}' | grep .`,
    ),
  ].join('; ');
};
