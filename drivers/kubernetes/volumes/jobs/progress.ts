import type { Progress } from '../../../ports';
import type { Pod } from '../../kube-object';
import { volumeLabel } from '../volume-place';
import type { MoverTask } from './mover-job';

/** What the last line of the log says: "doing <words>" of a script, or a line of `rsync --info=progress2`. */
export async function progressOf({ place: { cluster }, pass, script }: MoverTask): Promise<Progress | undefined> {
  const isOurs = ({ metadata: { labels = {} }, status }: Pod): boolean =>
    labels[volumeLabel.pass] === pass && labels[volumeLabel.mover] === script && status.phase === 'Running';
  const pod = cluster.pods.of({ label: [volumeLabel.pass, pass] }).find(isOurs);
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
