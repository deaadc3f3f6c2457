import { loadClientConnectConfig } from '@temporalio/envconfig';
import { keepSettings } from '../drivers/declared-secrets';
import { shownToServer } from '../temporal/shown-to-server';

/** How the environment and the profile say to connect. From then on its secrets are blanked out of whatever is told. */
export function connectionSettings() {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  keepSettings(shownToServer(connectionOptions));
  return { connectionOptions, namespace };
}
