import { readFileSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { isCopy, runOf } from '../../../core/model/drill';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { Mutation } from '../../ports';
import { writeFileAtomically, type SiteFolder } from '../site-folder';

/**
 * <site>/groups/<copy>/copy.json says whose the copy of a drill is. Absent: nobody's, and nothing of it may be changed. An attempt
 * that was suspended while its run was rolled back would otherwise bring back what was removed.
 */
interface CopyMarker {
  readonly run: string;
  /** It is being removed: nothing of it may be changed any more. */
  readonly closing?: true;
}

const markerFile = (folder: SiteFolder, group: string): string => path.join(folder.groupFolder(group), 'copy.json');

export function readMarker(folder: SiteFolder, group: string): CopyMarker | undefined {
  try {
    return JSON.parse(readFileSync(markerFile(folder, group), 'utf8')) as CopyMarker;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const writeMarker = (folder: SiteFolder, group: string, marker: CopyMarker): Promise<void> =>
  writeFileAtomically(markerFile(folder, group), JSON.stringify(marker));

export const removeMarker = (folder: SiteFolder, group: string): Promise<void> =>
  rm(markerFile(folder, group), { force: true });

/** Of a group that is no copy nothing is asked. @throws SwitchbackFailure `StaleAttempt` */
export function assertCopyOpen(
  folder: SiteFolder,
  { group, operationKey }: Pick<Mutation, 'group' | 'operationKey'>,
): void {
  if (!isCopy(group)) return;
  const marker = readMarker(folder, group);
  if (marker?.run === runOf(operationKey) && marker.closing === undefined) return;
  const because =
    marker === undefined
      ? 'it was removed, or never prepared'
      : `it is ${marker.closing ? 'being removed' : `that of run ${marker.run}`}`;
  throw new SwitchbackFailure(
    'StaleAttempt',
    `${operationKey} may change nothing of the copy "${group}" at site "${folder.site.name}": ${because}`,
    { site: folder.site.name, group },
  );
}

/**
 * Changes something of a group in the folder `into`: of the copy of a drill only while it is open for the run. What comes when
 * the copy was removed meanwhile goes again at once, because nobody looks after it any more.
 *
 * @throws SwitchbackFailure `StaleAttempt`
 */
export async function whileOpen<Result>(
  { folder, into, mutation }: { readonly folder: SiteFolder; readonly into: string; readonly mutation: Mutation },
  change: () => Promise<Result>,
): Promise<Result> {
  const { group } = mutation;
  if (!isCopy(group)) return change();
  folder.assertReachable();
  assertCopyOpen(folder, mutation);
  try {
    const changed = await change();
    assertCopyOpen(folder, mutation);
    return changed;
  } catch (error) {
    if (readMarker(folder, group) === undefined) await discard(into, folder.groupFolder(group));
    throw error;
  }
}

/** The folder, and those around it that are empty then, up to the root. */
async function discard(into: string, root: string): Promise<void> {
  await rm(into, { recursive: true, force: true });
  for (let around = into; around.startsWith(root); around = path.dirname(around)) {
    const left = await rmdir(around).catch((error: NodeJS.ErrnoException) => error.code);
    if (left !== undefined && left !== 'ENOENT') return;
  }
}
