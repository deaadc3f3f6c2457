import type { Connection } from '@temporalio/client';
import type { ReportInput } from '../core/report/build-report';
import { versionsOf } from '../temporal/versions';
import { webUiAddress } from '../temporal/web-ui';
import type { RunRef } from './contract';
import type { GroupClient } from './group-client';

export type Surroundings = Pick<ReportInput, 'earlier' | 'versions' | 'webUi'>;

/** What a report tells besides the run's own events. What cannot be known is left out: no report is lost for it. */
export class ReportSurroundings {
  constructor(
    private readonly parts: {
      readonly connection: Connection;
      readonly namespace: string;
      readonly groups: Pick<GroupClient, 'state'>;
      /** Address of the Temporal Web UI; absent: nobody has said. */
      readonly webUi?: string;
    },
  ) {}

  async of({ group, workflowId, runId }: RunRef): Promise<Surroundings> {
    const { connection, namespace, groups, webUi } = this.parts;
    const [state, versions] = await Promise.all([
      groups.state(group).catch(() => null),
      versionsOf(connection).catch(() => undefined),
    ]);
    return {
      ...(state && { earlier: state.runs }),
      ...(versions && { versions }),
      ...(webUi !== undefined && { webUi: webUiAddress(webUi, { namespace, workflowId, runId }) }),
    };
  }
}
