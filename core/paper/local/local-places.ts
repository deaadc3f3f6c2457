import type { LocalSite } from '../../model/site';
import type { Place } from '../site-paper';

/** Where things are in the folder of a local site: drivers/local/site-folder.ts. */
export const siteFolder = ({ folder }: LocalSite): string => `$LAB/${folder}`;

export const groupFolder = ({ site, group }: Place<LocalSite>): string => `${siteFolder(site)}/groups/${group}`;

export const volumeFolder = (place: Place<LocalSite>, volume: string): string =>
  `${groupFolder(place)}/volumes/${volume}`;
