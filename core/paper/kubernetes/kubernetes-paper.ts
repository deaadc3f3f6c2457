import type { KubernetesSite } from '../../model/site';
import type { StagePolicy } from '../../model/stage';
import { act, see, type Written } from '../paper';
import { countLeft, NOTHING_LEFT, quoted } from '../shell';
import type { Place, SitePaper } from '../site-paper';
import { clusterCommand, kubectl, kindOf, namespaceOf, objectsOf } from './kubectl';
import { epochsAt, kubernetesFence } from './kubernetes-fence';
import { kubernetesVolumes } from './kubernetes-volumes';
import { kubernetesWorkloads } from './kubernetes-workloads';

type KubernetesPlace = Place<KubernetesSite>;

function quiet(place: KubernetesPlace): Written {
  const cluster = clusterCommand(place.site);
  const ofGroup = `switchback.dev/volume-of=${place.context.plan.group}`;
  return {
    tells: [
      'The names are those of deploy/kubernetes/worker.yaml. A worker that runs elsewhere is ended there. Neither it nor Temporal comes back before the end of this paper.',
    ],
    blocks: [
      act(
        `${cluster} --namespace switchback scale deployment switchback-worker --replicas 0 2> /dev/null || echo no worker in this cluster`,
        `${kubectl(place)} delete jobs --selector ${ofGroup} --wait --ignore-not-found`,
      ),
      see(countLeft([`${kubectl(place)} get jobs --selector ${ofGroup} --output name`]), NOTHING_LEFT),
    ],
  };
}

function stage(from: KubernetesPlace, to: KubernetesPlace, policy: StagePolicy | undefined): Written {
  const kinds = from.context.plan.runbook.workloads.map((one) => kindOf(objectsOf(one), kubectl(from)).resource);
  const resources = [...new Set([...kinds, 'service', 'configmap'])].join(',');
  return {
    tells: [
      `The standby has what was staged last${policy ? `, every ${policy.everySeconds} s` : ''}. Look at what differs, and change by hand what matters; numbers of instances, addresses and annotations differ always.`,
    ],
    blocks: [
      act(
        `${kubectl(from)} get ${resources} -o yaml > switchback-from.yaml`,
        `${kubectl(to)} get ${resources} -o yaml > switchback-to.yaml`,
        'diff -u switchback-to.yaml switchback-from.yaml | less || true',
      ),
    ],
  };
}

const nothingIn = '--all --wait --ignore-not-found';

/** A copy is a namespace of its own, in which nothing reaches production. */
function prepareCopy(place: KubernetesPlace): Written {
  const copy = quoted(namespaceOf(place));
  const cluster = clusterCommand(place.site);
  const source = `${cluster} --namespace ${quoted(place.site.kubernetes.namespace)}`;
  const kinds = place.context.plan.runbook.workloads.map((one) => kindOf(objectsOf(one), source).resource);
  const resources = [...new Set([...kinds, 'configmap', 'secret', 'service'])].join(',');
  return {
    tells: [
      'Everything but the copy itself and the name server is out of its reach. Objects are copied without what production knows of them, and with nothing running.',
    ],
    blocks: [
      act(
        `${cluster} delete namespace ${copy} --wait --ignore-not-found`,
        `${cluster} create namespace ${copy}`,
        `${cluster} --namespace ${copy} apply --filename - <<EOF`,
        '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"only-the-copy"},"spec":{"podSelector":{},"policyTypes":["Ingress","Egress"],"ingress":[{"from":[{"podSelector":{}}]}],"egress":[{"to":[{"podSelector":{}}]},{"ports":[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}]}]}}',
        'EOF',
        `${source} get ${resources} -o json | jq '.items |= [.[] | select(.metadata.name != "kube-root-ca.crt" and (.metadata.name | startswith("switchback-") | not)) | .metadata |= {name, labels} | del(.status, .spec.clusterIP, .spec.clusterIPs, .spec.externalIPs) | if .kind == "Service" then .spec.type = "ClusterIP" | del(.spec.ports[]?.nodePort) elif .spec.replicas then .spec.replicas = 0 else . end]' | ${cluster} --namespace ${copy} apply --filename -`,
      ),
      see(`${cluster} get namespace ${copy} -o jsonpath='{.status.phase}'`, 'Active'),
    ],
  };
}

export const kubernetesPaper: SitePaper<KubernetesSite> = {
  ...kubernetesWorkloads,
  ...kubernetesVolumes,
  fence: kubernetesFence,
  epochs: epochsAt,
  quiet,
  stage,
  prepareCopy,
  settings: ({ site }) =>
    site.kubernetes.kubeconfig === undefined
      ? []
      : [
          '# The folder of the kubeconfigs, as the workers have it.',
          'export KUBECONFIGS="${KUBECONFIGS:-$PWD/.switchback/kubeconfigs}"',
        ],
  verify: (place) => ({
    tells: [`You need the rights of deploy/kubernetes/worker-role.yaml in namespace ${namespaceOf(place)}.`],
    blocks: [
      see(
        `${clusterCommand(place.site)} get --raw /readyz && echo && ${kubectl(place)} auth can-i patch deployments`,
        'ok\nyes',
      ),
    ],
  }),
  removeCopy: (place) => ({
    blocks: [
      act(
        `${kubectl(place)} delete pods ${nothingIn}`,
        `${clusterCommand(place.site)} delete namespace ${quoted(namespaceOf(place))} --wait --ignore-not-found`,
      ),
      see(
        countLeft([
          `${clusterCommand(place.site)} get namespace ${quoted(namespaceOf(place))} --ignore-not-found --output name`,
        ]),
        NOTHING_LEFT,
      ),
    ],
  }),
};
