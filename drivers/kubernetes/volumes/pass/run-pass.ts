import { SwitchbackFailure } from '../../../../core/model/failure';
import type { CallContext } from '../../../ports';
import { atSite } from '../../cluster';
import { awaitEnd } from '../jobs/await-task';
import type { Mount, MoverTask } from '../jobs/mover-job';
import type { PodResult } from '../jobs/pod-result';
import { endTask, removeKeys, removeOtherWriters, removeTask } from '../jobs/remove-tasks';
import { startTask } from '../jobs/start-task';
import { failureOf } from '../jobs/task-failure';
import { makeSshKey } from '../keys/ssh-keys';
import { mountOf, type PointData } from '../points/point-data';
import { openVolume } from '../record/volume-record';
import type { VolumePlace } from '../volume-place';
import { type Reached, serve, type Served } from './serve';
import { assertHeld, type TakenPass } from './take-pass';

/** Where a pass takes its data from: a pod that serves them, or another claim, which the pod mounts beside the volume. */
export type PassSource =
  { readonly kind: 'served'; readonly served: Served } | { readonly kind: 'beside'; readonly data: PointData };

export interface PassPlan {
  readonly target: VolumePlace;
  readonly source: PassSource;
  /** Both sides are at rest, and are compared by content. */
  readonly prove?: boolean;
  /** The digest that the copy must have. */
  readonly expected?: string;
  /** Nobody has claimed the target: what it holds may be all that there is, and is not written over. */
  readonly onlyOntoNothing?: boolean;
  /** Nobody has claimed the source: when it holds nothing it does not replace anything. */
  readonly neverNothing?: boolean;
}

/** Seconds that the pod at the target tries to reach the one at the source. */
const connectWithinSeconds = 30;

/** Copies the source onto the target, and says what the pod there has counted; the record of the target is the caller's. */
export async function runPass(plan: PassPlan, pass: TakenPass, context: CallContext): Promise<PodResult> {
  const { target, source } = plan;
  const task = pullTask(plan, pass);
  const from = source.kind === 'served' ? source.served.place.cluster.site.name : undefined;
  let result: PodResult | undefined;
  try {
    if (!pass.adopted) await begin(plan, task, pass, context);
    result = await atSite(target.cluster, async () => awaitEnd(task, context));
  } catch (error) {
    if (!context.signal.aborted) throw await orOvertaken(target, pass, error);
    // What was being made current is current by then, and is the result. Otherwise nothing has failed that anybody would look at,
    // and the next attempt must not find a Job whose pod was ended.
    const last = await endTask(task);
    if (last?.succeeded !== true) throw error;
    result = last;
  } finally {
    await cleanUp(plan, task, result);
  }
  if (!result.succeeded) throw await orOvertaken(target, pass, failureOf(task, result, from));
  return result;
}

function pullTask(plan: PassPlan, { id }: TakenPass): MoverTask {
  const { target, source, prove = false, expected = '', onlyOntoNothing = false, neverNothing = false } = plan;
  const beside: readonly Mount[] = source.kind === 'beside' ? [mountOf('points', source.data)] : [];
  const { bandwidthKib, rsyncFlags = [] } = target.settings;
  return {
    place: target,
    pass: id,
    script: 'pull',
    mounts: [{ at: 'volume', claim: target.claim, readOnly: false }, ...beside],
    keys: source.kind === 'served',
    env: {
      SOURCE: source.kind === 'served' ? `/mnt/volume${source.served.data.folder}` : `/mnt/points${source.data.folder}`,
      PROVE: prove ? 'yes' : '',
      EXPECTED: expected,
      ONLY_ONTO_NOTHING: onlyOntoNothing ? 'yes' : '',
      NEVER_NOTHING: neverNothing ? 'yes' : '',
      BANDWIDTH: source.kind === 'served' && bandwidthKib !== undefined ? String(bandwidthKib) : '',
      FLAGS: rsyncFlags.join(' '),
      CONNECT: String(connectWithinSeconds),
    },
  };
}

async function begin(
  { target, source }: PassPlan,
  task: MoverTask,
  pass: TakenPass,
  context: CallContext,
): Promise<void> {
  const { cluster } = target;
  await atSite(cluster, async () => removeOtherWriters(target, pass.id, context));
  if (pass.before.pass !== undefined && source.kind === 'served')
    await ignoring(removeTask({ place: source.served.place, pass: pass.before.pass.id, script: 'serve', keys: true }));
  const reached = source.kind === 'served' ? await serveWith(source.served, pass, context) : undefined;
  await atSite(cluster, async () => {
    assertHeld(await openVolume(target), pass);
    const { host = '', port = '' } = reached ?? {};
    const whole = { ...task, env: { ...task.env, HOST: host, PORT: String(port) } };
    await startTask(whole, { context, ...(reached && { keys: reached.keys }) });
  });
}

async function serveWith(
  served: Served,
  { id }: TakenPass,
  context: CallContext,
): Promise<Reached & { readonly keys: Readonly<Record<string, string>> }> {
  const [host, client] = await Promise.all([makeSshKey(), makeSshKey()]);
  const reached = await serve(served, { pass: id, host, client }, context);
  return { ...reached, keys: { key: client.privateKey, known_hosts: `source ${host.publicLine}\n` } };
}

/** A site that does not answer any more keeps its Job until the cluster removes it: what has failed before is what is told. */
async function cleanUp({ target, source }: PassPlan, task: MoverTask, result: PodResult | undefined): Promise<void> {
  const serving =
    source.kind === 'served'
      ? [removeTask({ place: source.served.place, pass: task.pass, script: 'serve', keys: true })]
      : [];
  const keep = target.mover.keepOnFailure === true && result?.succeeded === false;
  await Promise.all([...serving, keep ? removeKeys(task) : removeTask(task)].map(ignoring));
}

const ignoring = async (work: Promise<unknown>): Promise<void> => void (await work.catch(() => undefined));

/** The pass of another attempt ends the pods of this one, which then fail for that reason alone. */
async function orOvertaken(target: VolumePlace, pass: TakenPass, error: unknown): Promise<unknown> {
  try {
    assertHeld(await openVolume(target), pass);
    return error;
  } catch (stale) {
    return stale instanceof SwitchbackFailure && stale.code === 'StaleAttempt' ? stale : error;
  }
}
