import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { removeBridge } from './bridge';
import { endContainers } from './containers';
import { restoreKernelSettings } from './kernel-settings';
import { unmountBelow } from './mounts';
import { bridgePrefix, bundlesIn, nodePlace, traces, type NodePlace } from './node-place';

/**
 * Gives back to the machine what the node of a cluster took, when its own processes have ended: containers, mounts, the bridge, and
 * what was written outside of the folder.
 */
export async function releaseNode(folder: string): Promise<void> {
  const place = nodePlace(folder);
  // Without a node of ours, what is on the machine is somebody else's.
  if (!existsSync(place.containerdConfig) && !existsSync(`/sys/class/net/${place.bridge}`)) return;
  await endContainers(place);
  await unmountBelow(folder);
  await removeBridge(place.bridge);
  await Promise.all([removeShimSockets(place), removeNetworkResults(place), removeLogLinks(place)]);
  if (!(await namesIn('/sys/class/net')).some((name) => name.startsWith(bridgePrefix))) await leaveMachine();
}

/** After the last node. Of folders that it shared with others only those go that are empty. */
async function leaveMachine(): Promise<void> {
  await restoreKernelSettings();
  await rm(path.join(traces.devicePlugins, 'kubelet.sock'), { force: true });
  for (const folder of Object.values(traces))
    for (const each of [folder, path.dirname(folder)]) await rmdir(each).catch(() => undefined);
}

/** The runtime remembers in the folder of each container where the socket of its shim is. */
async function removeShimSockets(place: NodePlace): Promise<void> {
  const containers = bundlesIn(place);
  for (const id of await namesIn(containers)) {
    const address = await readFile(path.join(containers, id, 'address'), 'utf8').catch(() => '');
    const socket = address.replace('unix://', '');
    if (path.dirname(socket) === traces.shimSockets) await rm(socket, { force: true });
  }
}

/** Named by network, container and interface; the loopback of every container is in a network of that name. */
async function removeNetworkResults(place: NodePlace): Promise<void> {
  const prefixes = (await namesIn(bundlesIn(place))).map((id) => `cni-loopback-${id}-`);
  prefixes.push(`${place.bridge}-`);
  const names = await namesIn(traces.networkResults);
  const ours = names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  await removeAll(traces.networkResults, ours);
}

async function removeLogLinks({ podLogs }: NodePlace): Promise<void> {
  const names = await namesIn(traces.logLinks);
  const targets = await Promise.all(
    names.map(async (name) => readlink(path.join(traces.logLinks, name)).catch(() => '')),
  );
  const ours = names.filter((_, index) => targets[index]?.startsWith(podLogs + path.sep));
  await removeAll(traces.logLinks, ours);
}

const removeAll = async (folder: string, names: readonly string[]): Promise<void> =>
  void (await Promise.all(names.map(async (name) => rm(path.join(folder, name), { force: true }))));

const namesIn = async (folder: string): Promise<readonly string[]> => (existsSync(folder) ? readdir(folder) : []);
