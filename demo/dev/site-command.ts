import path from 'node:path';
import { SwitchbackFailure } from '../../core/model/failure';
import type { LocalSite } from '../../core/model/site';
import { isolateSite, killSiteProcesses, reconnectSite } from '../../drivers/local/lab/disaster';
import { localSites, placedRunbook } from '../lab/shop-runbook';

/** What can be done to a site of a running dev from outside, by the word for it. Each returns what it did. */
const commands = {
  disaster: async (labFolder: string, site: LocalSite) => {
    await isolateSite(labFolder, site);
    const pids = await killSiteProcesses(labFolder, site);
    return `${site.name} is cut off, its processes (${pids.join(', ') || 'none ran'}) are killed`;
  },
  reconnect: async (labFolder: string, site: LocalSite) => {
    await reconnectSite(labFolder, site);
    return `${site.name} can be reached again; nothing writes there until a run has fenced or unfenced it anew`;
  },
} as const;

/** `disaster alpha`, `reconnect alpha` in the home of a dev. @throws SwitchbackFailure `InvalidInput` */
export async function siteCommand(home: string, verb: string, siteName: string | undefined): Promise<string> {
  const command = Object.hasOwn(commands, verb) ? commands[verb as keyof typeof commands] : undefined;
  if (command === undefined) {
    throw new SwitchbackFailure('InvalidInput', `"${verb}" is none of ${Object.keys(commands).join(', ')}`);
  }
  const runbook = await placedRunbook(path.join(home, 'runbooks'));
  if (runbook === undefined) {
    throw new SwitchbackFailure(
      'InvalidInput',
      `${home} is no home of a dev; start \`npm run dev\` first, or give --home`,
    );
  }
  const sites = Object.values(localSites(runbook));
  const site = sites.find(({ name }) => name === siteName);
  if (site === undefined) {
    const names = sites.map(({ name }) => name).join(' or ');
    throw new SwitchbackFailure('InvalidInput', `${verb} takes a site, ${names}, not "${siteName ?? ''}"`);
  }
  return command(path.join(home, 'lab'), site);
}
