import { copySite, isCopy } from '../model/drill';
import type { SiteSpec } from '../model/site';
import { kubernetesPaper } from './kubernetes/kubernetes-paper';
import { localPaper } from './local/local-paper';
import { memoryPaper } from './memory-paper';
import type { PaperContext } from './paper-context';
import type { Place, SitePaper } from './site-paper';

type PaperOf<Driver extends SiteSpec['driver']> = SitePaper<Extract<SiteSpec, { readonly driver: Driver }>>;

/** Closed: a new driver says here what people do at its sites. */
const papers: { readonly [Driver in SiteSpec['driver']]: PaperOf<Driver> } = {
  local: localPaper,
  kubernetes: kubernetesPaper,
  memory: memoryPaper,
};

/** What people do at the site. A site is given to the paper of its own driver, and to no other. */
export const sitePaper = (site: SiteSpec): SitePaper => papers[site.driver];

/** A group at a site; the copy of a drill is at an address of its own where the site has one. */
export const placeAt = (context: PaperContext, site: SiteSpec, group: string): Place => ({
  context,
  group,
  site: isCopy(group) && site.drill !== undefined ? copySite(site) : site,
});
