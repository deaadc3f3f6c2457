import { rm } from 'node:fs/promises';
import { releaseNode } from '../nodes/release-node';
import { endMarkedProcesses } from '../../processes/marked-processes';

/**
 * Ends whatever runs of the cluster in the folder, gives back what its node took, and removes the folder. Needs to know nothing
 * else, so it also clears up after a start that was killed half-way. Returns how many processes it ended, those of pods not counted.
 */
export async function releaseCluster(folder: string): Promise<number> {
  const ended = await endCluster(folder);
  await rm(folder, { recursive: true, force: true });
  return ended;
}

/** The same, and leaves the folder with its logs. */
export async function endCluster(folder: string): Promise<number> {
  const ended = await endMarkedProcesses(folder);
  await releaseNode(folder);
  return ended;
}
