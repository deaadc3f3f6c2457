import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { isCopy } from '../../../core/model/drill';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { Mutation } from '../../ports';
import { writeFileAtomically, type SiteFolder } from '../site-folder';

/**
 * <site>/groups/<copy>/copy.json says whose the copy of a drill is. Absent: nobody's, and nothing of it may be started. An attempt
 * that was suspended while its run was rolled back would otherwise bring back what was removed.
 */
interface CopyMarker {
  readonly run: string;
  /** It is being removed: nothing of it may be started any more. */
  readonly closing?: true;
}

const markerFile = (folder: SiteFolder, group: string): string => path.join(folder.groupFolder(group), 'copy.json');

/** Operation keys begin with the run. */
export const runOf = ({ operationKey }: Pick<Mutation, 'operationKey'>): string => operationKey.split('/')[0] ?? '';

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
  if (marker?.run === runOf({ operationKey }) && marker.closing === undefined) return;
  const because =
    marker === undefined
      ? 'it was removed, or never prepared'
      : `it is ${marker.closing ? 'being removed' : `that of run ${marker.run}`}`;
  throw new SwitchbackFailure(
    'StaleAttempt',
    `${operationKey} may start nothing of the copy "${group}" at site "${folder.site.name}": ${because}`,
    { site: folder.site.name, group },
  );
}

/** @throws SwitchbackFailure `InvalidInput` */
export function assertIsCopy(group: string): void {
  if (isCopy(group)) return;
  throw new SwitchbackFailure('InvalidInput', `"${group}" is not the copy of a drill: nothing of it is removed`, {
    group,
  });
}
