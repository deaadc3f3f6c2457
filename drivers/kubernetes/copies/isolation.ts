/**
 * Nothing reaches a copy, and it reaches nothing, but itself and the name server of the cluster, without which its parts would not
 * find each other. What asks the checks is let in where the runbook says from where it comes.
 */
export function isolation(checksFrom: readonly string[]): object {
  const itself = { podSelector: {} };
  const nameServer = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  };
  const ports = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 }));
  const checks = checksFrom.map((cidr) => ({ ipBlock: { cidr } }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'switchback-drill' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [itself, ...checks] }],
      egress: [{ to: [itself] }, { to: [nameServer], ports }],
    },
  };
}
