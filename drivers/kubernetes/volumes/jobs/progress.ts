import type { Progress } from '../../../ports';
import type { MoverTask } from './mover-job';
import { isPodOf, podsOfPass } from './pods-of-task';

/** What the last line of the log says: "doing <words>" of a script, or a line of `rsync --info=progress2`. */
export async function progressOf(task: MoverTask): Promise<Progress | undefined> {
  const { cluster } = task.place;
  const isOurs = isPodOf(task);
  const pod = cluster.pods.of(podsOfPass(task)).find((one) => isOurs(one) && one.status.phase === 'Running');
  if (pod === undefined) return undefined;
  const path = `${cluster.path('v1', 'pods', pod.metadata.name)}/log`;
  // What cannot be read now is read at the next beat.
  const text = await cluster.client.text({ method: 'GET', path, query: { tailLines: '1' } }).catch(() => '');
  return parseProgress(text);
}

export function parseProgress(text: string): Progress | undefined {
  const line =
    text
      .split(/[\r\n]/)
      .filter((one) => one.trim() !== '')
      .at(-1) ?? '';
  const doing = /^doing (.+)$/.exec(line);
  if (doing) return { doing: doing[1] ?? '' };
  const copied = /^\s*(\d+)\s+(\d+)%\s/.exec(line);
  if (!copied) return undefined;
  const [done, percent] = [Number(copied[1]), Number(copied[2])];
  const total = percent > 0 ? Math.round((done / percent) * 100) : undefined;
  return { doing: 'copying', done, ...(total !== undefined && { total }), unit: 'bytes' };
}
