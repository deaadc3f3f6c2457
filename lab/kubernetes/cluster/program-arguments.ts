import path from 'node:path';
import type { ClusterProgram } from '../binaries/versions';
import type { ClusterFiles } from './cluster-files';
import type { ClusterPorts } from './cluster-ports';

export interface ClusterPlace {
  readonly files: ClusterFiles;
  readonly ports: ClusterPorts;
}

/**
 * The controllers limit themselves to 20 requests a second by default: then they, and not what is tried, are what is measured.
 * These are the figures of a cluster that is made for many workloads.
 */
const controllerLimits = ['--kube-api-qps=500', '--kube-api-burst=1000'];

/** Command line of each program. Everything listens on loopback. */
export const programArguments: Readonly<Record<ClusterProgram, (place: ClusterPlace) => readonly string[]>> = {
  etcd: ({ files, ports }) => {
    const [client, peer] = [`http://127.0.0.1:${ports.etcd}`, `http://127.0.0.1:${ports.etcdPeer}`];
    return [
      `--data-dir=${path.join(files.folder, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      // Nothing here outlives a power cut, and nothing has to.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ];
  },
  'kube-apiserver': ({ files, ports }) => [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.api}`,
    `--cert-dir=${files.certificates}`,
    `--token-auth-file=${files.tokens}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--service-account-issuer=https://lab.switchback.invalid',
    `--service-account-key-file=${files.serviceAccountKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--endpoint-reconciler-type=none',
    '--kubelet-preferred-address-types=InternalIP',
    '--profiling=false',
    `--audit-policy-file=${files.auditPolicy}`,
    `--audit-log-path=${files.auditLog}`,
  ],
  'kube-controller-manager': ({ files }) => [
    `--kubeconfig=${files.kubeconfig}`,
    `--service-account-private-key-file=${files.serviceAccountKey}`,
    // It would make its folder in /usr/libexec.
    `--flex-volume-plugin-dir=${path.join(files.folder, 'volume-plugins')}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--concurrent-deployment-syncs=50',
    '--concurrent-replicaset-syncs=50',
    '--concurrent-statefulset-syncs=50',
    '--concurrent-gc-syncs=50',
    ...controllerLimits,
  ],
  'kube-scheduler': ({ files }) => [
    `--kubeconfig=${files.kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    ...controllerLimits,
  ],
  kwok: ({ files, ports }) => [
    `--kubeconfig=${files.kubeconfig}`,
    `--config=${files.kwokConfig}`,
    '--manage-all-nodes=true',
    '--node-ip=127.0.0.1',
    `--node-port=${ports.kubelet}`,
    `--server-address=127.0.0.1:${ports.kubelet}`,
    `--tls-cert-file=${path.join(files.certificates, 'apiserver.crt')}`,
    `--tls-private-key-file=${path.join(files.certificates, 'apiserver.key')}`,
    '--node-lease-duration-seconds=40',
  ],
};
