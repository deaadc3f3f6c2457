/** What the lab builds; the modules beside this folder pin everything that goes into it. */
export const kubernetesVersion = '1.34.4';
export const kwokVersion = '0.7.0';

const controlPlane = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

/** The programs of a cluster with fake nodes. */
export const clusterPrograms = [...controlPlane, 'kwok'] as const;

export type ControlPlaneProgram = (typeof controlPlane)[number];
export type ClusterProgram = (typeof clusterPrograms)[number];

/** What the lab can build; kubelet is for real nodes only, kubectl for what is compared with it. */
export type Program = ClusterProgram | 'kubelet' | 'kubectl';

/** Path of each program of a cluster. */
export type Binaries = Readonly<Record<ClusterProgram, string>>;
