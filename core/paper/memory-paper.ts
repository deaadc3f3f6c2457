import type { MemorySite } from '../model/site';
import type { Written } from './paper';
import type { SitePaper } from './site-paper';

const nothing: Written = { tells: ['This site exists in simulations only: there is nothing to do by hand.'] };

/** A site in memory has nothing that a command could reach. */
export const memoryPaper: SitePaper<MemorySite> = {
  settings: () => [],
  epochs: () => 'true',
  quiet: () => nothing,
  verify: () => nothing,
  stop: () => nothing,
  start: () => nothing,
  fence: () => nothing,
  access: () => ({ open: [], close: [] }),
  read: () => 'true',
  write: () => 'true',
  digest: () => 'true',
  record: () => 'true',
  recorded: () => 'true',
  readPoint: () => ({ open: [], command: 'true', close: [] }),
  stage: () => nothing,
  prepareCopy: () => nothing,
  removeCopy: () => nothing,
};
