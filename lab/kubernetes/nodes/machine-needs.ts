import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Debian's packages, each by a program that it brings. */
const packages: readonly (readonly [program: string, name: string])[] = [
  ['containerd', 'containerd'],
  ['runc', 'runc'],
  ['/usr/lib/cni/bridge', 'containernetworking-plugins'],
  ['busybox', 'busybox-static'],
  ['rsync', 'rsync'],
  ['ssh', 'openssh-client'],
  ['/usr/sbin/sshd', 'openssh-server'],
  ['openssl', 'openssl'],
  ['ip', 'iproute2'],
];

/** Bits of the kernel's list of capabilities: what bridges and mounts take, which root of a container may not have. */
const capabilities: readonly (readonly [bit: bigint, name: string])[] = [
  [12n, 'CAP_NET_ADMIN'],
  [21n, 'CAP_SYS_ADMIN'],
];

/** Where kubeadm and its like leave it; kubelets of one machine share a folder for devices. */
const settingsOfANode = '/var/lib/kubelet/config.yaml';

/** Why this machine cannot be a node, and what to do about it, as one sentence; undefined: it can. */
export function whyNoRealNodes(): string | undefined {
  if (os.platform() !== 'linux') return 'real nodes need Linux';
  if (process.getuid?.() !== 0) return 'real nodes need root, which makes bridges and mounts; run it with sudo';
  const held = effectiveCapabilities();
  const lacking = capabilities.filter(([bit]) => ((held >> bit) & 1n) === 0n).map(([, name]) => name);
  if (lacking.length > 0) return `real nodes need ${lacking.join(' and ')}, which this container was started without`;
  if (existsSync(settingsOfANode))
    return 'this machine is a node of a real cluster already, which real nodes would disturb';
  const missing = packages.filter(([program]) => !isThere(program)).map(([, name]) => name);
  if (missing.length === 0) return undefined;
  return `real nodes need ${missing.join(', ')}; on Debian: apt-get install --no-install-recommends ${missing.join(' ')}`;
}

function effectiveCapabilities(): bigint {
  const status = readFileSync('/proc/self/status', 'utf8');
  return BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
}

function isThere(program: string): boolean {
  const folders = path.isAbsolute(program) ? ['/'] : (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => isExecutable(path.join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
