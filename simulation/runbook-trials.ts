import type { FaultTrial, TrialNews } from '../core/model/fault-trial';
import type { Operation } from '../core/model/operation';
import type { Runbook } from '../core/model/runbook';
import { wrongEnd } from './advice';
import { faultsIn, faultsInRollback } from './faults';
import { scenesOf, type Scene } from './scenes';
import { SimulatedRun } from './simulated-run';
import { failedAtTheEnd, tryOnce } from './trials';

/** Every situation in which one of the operations begins: each without a fault, and with every fault that it can have. */
export async function* runbookTrials(
  runbook: Runbook,
  operations: readonly Operation[],
): AsyncGenerator<Exclude<TrialNews, { readonly kind: 'runbook' | 'end' }>> {
  for (const operation of operations.filter((one) => one !== 'drill' || hasRoomForCopies(runbook))) {
    for (const scene of scenesOf[operation]) yield* sceneTrials(runbook, scene);
  }
}

/** Without an address for them every drill is refused. */
const hasRoomForCopies = ({ sites }: Runbook): boolean =>
  sites.primary.drill !== undefined && sites.recovery.drill !== undefined;

/** One situation. */
export async function* sceneTrials(runbook: Runbook, scene: Scene): ReturnType<typeof runbookTrials> {
  const { title, start } = scene;
  const announced = { kind: 'scene', operation: start.operation, scene: title } as const;
  const beginning = await begun(runbook, scene);
  if (beginning.wrong !== undefined) {
    yield { ...announced, trials: 1 };
    yield { kind: 'trial', trial: beginning.wrong };
    return;
  }
  const { opened } = beginning;
  const faults = await allFaults(opened, scene);
  yield { ...announced, trials: faults.length + 1 };
  yield { kind: 'trial', trial: beginning.undisturbed };
  for (const fault of faults) yield { kind: 'trial', trial: await tryOnce({ scene, opened }, fault) };
}

/** An operation that does not even come to its end by itself is not tried any further: every trial would say the same. */
async function begun(runbook: Runbook, scene: Scene) {
  try {
    const opened = await scene.open(runbook);
    const undisturbed = await tryOnce({ scene, opened });
    return undisturbed.wrong.length > 0 ? { wrong: undisturbed } : { opened, undisturbed };
  } catch (error) {
    return { wrong: neverBegun(scene, error) };
  }
}

function neverBegun({ title, start }: Scene, error: unknown): FaultTrial {
  const because = error instanceof Error ? error.message : String(error);
  const fix = 'Mend what ends wrong in the operations before this one, then test again.';
  const wrong = wrongEnd('NotCompleted', start.operation, { saw: `it cannot begin: ${because}`, fix });
  return { operation: start.operation, scene: title, end: 'stuck', wrong: [wrong] };
}

async function allFaults(opened: Parameters<typeof failedAtTheEnd>[0], scene: Scene) {
  const { plan } = await SimulatedRun.begin(opened.copy(), scene.start);
  const run = await failedAtTheEnd(opened, scene);
  await run.rollBack();
  const notNeeded = new Set(run.compensations().flatMap(({ id, status }) => (status === 'not-needed' ? [id] : [])));
  return [...faultsIn(plan), ...faultsInRollback(plan, (id) => !notNeeded.has(id))];
}
