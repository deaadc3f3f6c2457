import type { Connection } from '@temporalio/client';
import type { ProtectionState, RunSummary } from '../core/model/protection';
import { versionsOf } from './versions';
import { webUiAddress, type RunAddress } from './web-ui';

/** What a report tells besides the run's own events. */
export interface Surroundings {
  readonly earlier?: readonly RunSummary[];
  readonly versions?: Readonly<Record<string, string>>;
  readonly webUi?: string;
}

export interface SurroundingsSource {
  readonly connection: Connection;
  /** Of the group of the run. */
  readonly state: () => Promise<ProtectionState | null>;
  /** Address of the Temporal Web UI; absent: nobody has said. */
  readonly webUi?: string | undefined;
}

/** What cannot be known is left out: no report is lost for it. */
export async function surroundingsOf(
  { connection, state, webUi }: SurroundingsSource,
  run: RunAddress,
): Promise<Surroundings> {
  const [known, versions] = await Promise.all([
    state().catch(() => null),
    versionsOf(connection).catch(() => undefined),
  ]);
  return {
    ...(known && { earlier: known.runs }),
    ...(versions && { versions }),
    ...(webUi && { webUi: webUiAddress(webUi, run) }),
  };
}
