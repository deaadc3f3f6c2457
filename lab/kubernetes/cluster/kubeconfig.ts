/** One cluster as a kubeconfig names it: cluster, user and context all have its name. */
export interface ClusterAccess {
  readonly name: string;
  /** "https://127.0.0.1:6443" */
  readonly server: string;
  readonly certificateAuthority: string;
  readonly token: string;
}

/** A kubeconfig with a context for each cluster; the first one is current. Written as JSON, which is YAML. */
export function kubeconfig(clusters: readonly ClusterAccess[]): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': clusters[0]?.name ?? '',
    clusters: clusters.map(({ name, server, certificateAuthority }) => ({
      name,
      cluster: { server, 'certificate-authority': certificateAuthority },
    })),
    users: clusters.map(({ name, token }) => ({ name, user: { token } })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
