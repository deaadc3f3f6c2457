import { setTimeout as sleep } from 'node:timers/promises';
import { span } from '../../cli/terminal/line';
import type { ProtectionState } from '../../core/model/protection';
import { isolateSite, killSiteProcesses } from '../../drivers/local/lab/disaster';
import type { Lab } from '../lab';
import type { Stage } from './stage';

/** After a replication pass, so that some orders are acknowledged which the other site does not have. */
const afterPassMs = 600;

/** Cuts alpha off and ends its processes, between two replication passes. Returns when, in milliseconds since 1970. */
export async function strike(stage: Stage, lab: Lab, state: () => Promise<ProtectionState>): Promise<number> {
  const { signal, screen } = stage;
  const { alpha } = lab.sites;
  const before = (await state()).replication.lastPassAt;
  while ((await state()).replication.lastPassAt === before) await sleep(50, undefined, { signal });
  await sleep(afterPassMs, undefined, { signal });
  const struckAt = Date.now();
  await isolateSite(lab.labFolder, alpha);
  const pids = await killSiteProcesses(lab.labFolder, alpha);
  screen.say([
    span('✗ ', 'red'),
    span(`disaster: ${alpha.name} is cut off`, 'bold'),
    span(`, its processes ${pids.join(', ')} are killed`),
  ]);
  return struckAt;
}
