import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { labImages } from '../images/lab-images';
import { run } from '../run';
import type { Bridge } from './bridge';
import type { NodePlace } from './node-place';

/** What containerd, the network plug-ins and kubelet read when they start. */
export async function writeNodeFiles(place: NodePlace, bridge: Bridge): Promise<void> {
  const configs = path.join(place.network, 'configs');
  const folders = [configs, place.podLogs, place.volumes, place.kubeletRoot];
  await Promise.all(folders.map(async (folder) => mkdir(folder, { recursive: true })));
  await writeFile(place.containerdConfig, containerdConfig(place, configs));
  await writeFile(path.join(configs, 'pods.conflist'), JSON.stringify(networkConfig(place, bridge)));
  await writeFile(place.kubeletConfig, JSON.stringify(kubeletConfig(place, bridge)));
}

/** For the API server alone: anybody else on the network who could ask the kubelet would be root on this machine. */
export async function makeClientCertificate(place: NodePlace): Promise<void> {
  await run(
    ...(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'] as const),
    ...['-days', '3650', '-subj', '/O=system:masters/CN=lab-api-server', '-addext', 'extendedKeyUsage=clientAuth'],
    ...['-keyout', place.clientKey, '-out', place.clientCertificate],
  );
}

function containerdConfig(place: NodePlace, networkConfigs: string): string {
  // A string of JSON is a string of TOML.
  const text = (value: string): string => JSON.stringify(value);
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = ${text(place.containerdRoot)}
state = ${text(place.containerdState)}
# It would make a folder in /opt.
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
address = ${text(place.socket)}
[${cri}]
sandbox_image = ${text(labImages.busybox)}
# Without CAP_SYS_RESOURCE no sandbox starts otherwise.
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
# It would load a profile into the kernel, which stays there.
disable_apparmor = true
[${cri}.cni]
bin_dir = "/usr/lib/cni"
conf_dir = ${text(networkConfigs)}
[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.runc.options]
Root = ${text(path.join(place.containerdState, 'runc'))}
`;
}

function networkConfig({ network }: NodePlace, { name, address, subnet }: Bridge): object {
  const ipam = {
    type: 'host-local',
    dataDir: path.join(network, 'addresses'),
    ranges: [[{ subnet, gateway: address }]],
    routes: [{ dst: '0.0.0.0/0', gw: address }],
  };
  // The bridge is there already. As its gateway the plug-in would make the whole machine a router.
  return { cniVersion: '1.0.0', name, plugins: [{ type: 'bridge', bridge: name, isGateway: false, ipam }] };
}

function kubeletConfig(place: NodePlace, bridge: Bridge): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: bridge.address,
    // No other kubelet has this address, so each may have the usual port.
    port: 10250,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: place.clientCertificate },
    },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${place.socket}`,
    podLogsDir: place.podLogs,
    volumePluginDir: path.join(place.kubeletRoot, 'volume-plugins'),
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    // An image that is thrown away cannot be had again, and a full disk is the affair of whoever owns the machine.
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'nodefs.available': '0%', 'nodefs.inodesFree': '0%', 'imagefs.available': '0%' },
  };
}
