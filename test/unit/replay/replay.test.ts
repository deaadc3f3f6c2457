import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import * as workflows from '../../../workflows';
import { workflowBundle } from '../../../workers/workflow-bundle';
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
    await Worker.runReplayHistory({ workflowBundle: bundle }, history, name);
    replayed.add(typeOf(history));
  }
  expect([...replayed].sort()).toEqual(Object.keys(workflows).sort());
}, 120_000);

function typeOf(history: unknown): string {
  const [started] = (
    history as { events: { workflowExecutionStartedEventAttributes?: { workflowType?: { name?: string } } }[] }
  ).events;
  return started?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? 'unknown';
}
