import type { StandingRequest } from '../../../drivers/standing-port';
import { isolateSite, killSiteProcesses, reconnectSite } from '../../../drivers/local/lab/disaster';
import { createLocalReplication } from '../../../drivers/local/replication/local-replication';
import { mutation } from '../../contract/contract';
import { describeStandingContract, type StandingFixture } from '../../contract/standing-contract';
import { snapshot } from './contract-snapshot';
import { berlin, context, createLab, group, paris } from './lab';

const volumes = [{ name: 'orders' }];

async function setUp(): Promise<StandingFixture> {
  const lab = createLab();
  const workload = await lab.workload('serve.js', { volumes: ['orders'] });
  const step = (name: string) =>
    mutation({ group, state: async () => undefined, tearDown: async () => undefined }, 2, name);
  const start = async () => lab.driver.start(paris, workload, step('run/start'), context);
  const replication = createLocalReplication({ labFolder: lab.folder });
  await replication.claim(paris, { name: 'orders' }, step('run/claim'), context);
  await start();
  const whole: StandingRequest = { group, site: paris, workload, volumes, epoch: 2 };
  const siteOf = (name: string) => (name === paris.name ? paris : berlin);
  return {
    group,
    site: paris,
    peer: berlin,
    driver: lab.driver,
    whole,
    takeDown: async () => void (await killSiteProcesses(lab.folder, paris)),
    startAnew: async () => {
      await killSiteProcesses(lab.folder, paris);
      await start();
    },
    // Its data is there, and belongs to the other site.
    withoutVolume: async () => {
      const volume = { name: 'images' };
      await replication.claim(berlin, volume, step('run/claim-images'), context);
      const pass = { ...step('run/sync'), volume, source: berlin, target: paris, final: false };
      await replication.sync(pass, context);
      return { ...whole, volumes: [...volumes, volume] };
    },
    isolate: async ({ name }) => isolateSite(lab.folder, siteOf(name)),
    reconnect: async ({ name }) => reconnectSite(lab.folder, siteOf(name)),
    state: async () => snapshot(lab.folder),
    tearDown: async () => lab.remove(),
  };
}

describeStandingContract('local workloads, how they stand', setUp);
