/** What the lab builds; the modules beside this folder pin everything that goes into it. */
export const kubernetesVersion = '1.34.4';
export const kwokVersion = '0.7.0';

/** The programs of a cluster with fake nodes. */
export const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

export type Program = (typeof programs)[number];

/** Path of each program. */
export type Binaries = Readonly<Record<Program, string>>;
