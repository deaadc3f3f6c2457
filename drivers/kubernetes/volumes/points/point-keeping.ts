import type { CallContext } from '../../../ports';
import type { MoverTask } from '../jobs/mover-job';
import type { MoverScript } from '../jobs/scripts';
import type { TakenPass } from '../pass/take-pass';
import type { StoredPoint } from '../record/volume-record';
import type { VolumePlace } from '../volume-place';

/** How recovery points of a volume are kept. */
export interface PointKeeping {
  /** Of the Job that says what a point holds: files, bytes, records, newBytes and digest. */
  readonly script: MoverScript;
  /** Ends what else writes the volume, makes room for the point, and gives what the Job needs. */
  readonly begin: (
    place: VolumePlace,
    pass: TakenPass,
    context: CallContext,
  ) => Promise<Pick<MoverTask, 'mounts' | 'env'>>;
  /** What its record says besides. */
  readonly of: (point: string) => Pick<StoredPoint, 'snapshot'>;
  /** Writes beside its data what is known of a point, before it is one. */
  readonly tell?: (place: VolumePlace, stored: StoredPoint) => Promise<void>;
}
