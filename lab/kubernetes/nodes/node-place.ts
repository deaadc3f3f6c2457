import { createHash } from 'node:crypto';
import path from 'node:path';

/**
 * What a node takes of the machine, all of it told by the folder of its cluster: so it can be given back by somebody who knows
 * only the folder, after a crash too.
 */
export interface NodePlace {
  readonly folder: string;
  /** Name of the bridge, and of the network of the pods. */
  readonly bridge: string;
  /** Socket of the container runtime. */
  readonly socket: string;
  readonly containerdConfig: string;
  readonly containerdRoot: string;
  readonly containerdState: string;
  readonly kubeletConfig: string;
  readonly kubeletRoot: string;
  readonly podLogs: string;
  readonly network: string;
  /** What the API server shows the kubelet, which answers nobody else. */
  readonly clientCertificate: string;
  readonly clientKey: string;
  /** A folder for each PersistentVolume. */
  readonly volumes: string;
}

/** Every node's bridge is named so. */
export const bridgePrefix = 'swb-';

/** Where programs of the machine leave something that is not in the folder; `releaseNode` removes it. */
export const traces = {
  shimSockets: '/run/containerd/s',
  networkResults: '/var/lib/cni/results',
  logLinks: '/var/log/containers',
  devicePlugins: '/var/lib/kubelet/device-plugins',
} as const;

/** Sockets of kubelet and containerd lie this much deeper, and the kernel takes 107 characters. */
export const longestFolder = 107 - '/kubelet/pod-resources/kubelet.sock'.length;

export function nodePlace(folder: string): NodePlace {
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  const within = (...names: readonly string[]): string => path.join(folder, ...names);
  return {
    folder,
    bridge: `${bridgePrefix}${id}`,
    socket: within('containerd.sock'),
    containerdConfig: within('containerd.toml'),
    containerdRoot: within('containerd', 'root'),
    containerdState: within('containerd', 'state'),
    kubeletConfig: within('kubelet.json'),
    kubeletRoot: within('kubelet'),
    podLogs: within('pod-logs'),
    network: within('network'),
    clientCertificate: within('kubelet-client.crt'),
    clientKey: within('kubelet-client.key'),
    volumes: within('volumes'),
  };
}

/** A folder for each container, while there is one. */
export const bundlesIn = ({ containerdState }: NodePlace): string =>
  path.join(containerdState, 'io.containerd.runtime.v2.task', 'k8s.io');
