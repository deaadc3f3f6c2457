import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import * as workflows from '../../../workflows';
import { workflowBundle } from '../../../workers/workflow-bundle';
import { dataConverter } from '../../../temporal/data-converter';
import { readHistories } from '../../integration/workflows/history-file';

/**
 * What was recorded once must replay with the workflows of today. When this fails, a change under workflows/ would break the
 * runs that are under way: guard it with `patched`, or, before the first release, record anew (`npm run record:histories`).
 */
test('every recorded history replays, and every workflow type has one', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const bundle = await workflowBundle();
  const replayed = new Set<string>();
  for (const [name, history] of await readHistories()) {
    const { workflowType, workflowId } = startOf(history);
    // Ids of child workflows are made from that of the run.
    await Worker.runReplayHistory({ workflowBundle: bundle, dataConverter }, history, workflowId ?? name);
    replayed.add(workflowType?.name ?? 'unknown');
  }
  expect([...replayed].sort()).toEqual(Object.keys(workflows).sort());
}, 120_000);

interface Start {
  readonly workflowType?: { readonly name?: string };
  readonly workflowId?: string;
}

function startOf(history: unknown): Start {
  const [started] = (history as { events: { workflowExecutionStartedEventAttributes?: Start }[] }).events;
  return started?.workflowExecutionStartedEventAttributes ?? {};
}
