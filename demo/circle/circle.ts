import { span } from '../../cli/terminal/line';
import type { ProtectionState } from '../../core/model/protection';
import { reconnectSite } from '../../drivers/local/lab/disaster';
import type { Lab } from '../lab';
import { strike } from './disaster';
import { perform, type DoneOperation, type WantedOperation } from './operation';
import type { Stage } from './stage';

/** The circle has to begin and end with the shop at its primary. */
export interface CircleParts {
  readonly stage: Stage;
  readonly lab: Lab;
  readonly state: () => Promise<ProtectionState>;
}

/** The runbook asks for one of operations and one of the owners. */
const approvers = [
  { gate: 'approval', by: 'ana@example.com' },
  { gate: 'approval', by: 'bo@example.com' },
] as const;
const declines = {
  gate: 'approval',
  by: 'bo@example.com',
  decision: 'decline',
  comment: 'the sale is still on',
} as const;
const witness = { gate: 'declare-lost', by: 'bea@example.com' } as const;
/** The window of a failback opens this long after it was asked for, so that it is seen to be waited for. */
const windowOpensAfterMs = 1_000;

/** There and back with both sites up, then a drill of the next move: no order may be lost. */
export async function plannedCircle({ stage, lab }: CircleParts): Promise<readonly DoneOperation[]> {
  const runbook = lab.runbook.group;
  const failover = await perform(stage, {
    operation: 'failover',
    title: 'planned failover',
    input: { runbook, mode: 'planned', reason: 'maintenance at alpha' },
    people: [],
  });
  const back = await wayBack(stage, runbook, { declinedFirst: true });
  // Customers are served as ever: it works on a copy at beta.
  const drill = await perform(stage, { operation: 'drill', title: 'drill', input: { runbook } });
  return [failover, ...back, drill];
}

export interface DisasterCircle {
  readonly failover: DoneOperation;
  readonly done: readonly DoneOperation[];
}

/** There because the primary is lost, and back once it has returned. */
export async function disasterCircle({ stage, lab, state }: CircleParts): Promise<DisasterCircle> {
  const runbook = lab.runbook.group;
  const affectedFrom = await strike(stage, lab, state);
  const failover = await perform(stage, {
    operation: 'failover',
    title: 'unplanned failover',
    input: { runbook, mode: 'unplanned', reason: 'alpha does not answer' },
    people: [witness],
    affectedFrom,
  });
  await reconnectSite(lab.labFolder, lab.sites.alpha);
  stage.screen.say([span('✓ ', 'green'), span('alpha is back', 'bold'), span('; what it holds is older than beta')]);
  return { failover, done: [failover, ...(await wayBack(stage, runbook, { declinedFirst: false }))] };
}

async function wayBack(
  stage: Stage,
  runbook: string,
  { declinedFirst }: { readonly declinedFirst: boolean },
): Promise<readonly DoneOperation[]> {
  const reprotect = await perform(stage, { operation: 'reprotect', title: 'reprotect', input: { runbook } });
  const failback = (): WantedOperation => {
    const start = new Date(Date.now() + windowOpensAfterMs).toISOString();
    const input = { runbook, windows: { maintenance: { start } } };
    return { operation: 'failback', title: 'failback', input, people: approvers };
  };
  const declined = declinedFirst
    ? [
        await perform(stage, {
          ...failback(),
          title: 'failback, declined',
          people: [declines],
          endsWith: 'declined',
        }),
      ]
    : [];
  return [reprotect, ...declined, await perform(stage, failback())];
}
