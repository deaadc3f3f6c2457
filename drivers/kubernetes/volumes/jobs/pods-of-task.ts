import type { Pod } from '../../kube-object';
import type { Subject } from '../../reading/object-index';
import { volumeLabel } from '../volume-place';
import type { MoverTask } from './mover-job';

/** Among which a pod of the task is found. */
export const podsOfPass = ({ pass }: Pick<MoverTask, 'pass'>): Subject => ({ label: [volumeLabel.pass, pass] });

export const isPodOf =
  ({ pass, script }: Pick<MoverTask, 'pass' | 'script'>) =>
  ({ metadata: { labels = {} } }: Pod): boolean =>
    labels[volumeLabel.pass] === pass && labels[volumeLabel.mover] === script;
