import { setTimeout as pause } from 'node:timers/promises';
import type { CallContext } from '../../../ports';
import { isStillToEnd, readJob } from '../jobs/start-task';
import { type OpenPass, openVolume } from '../record/volume-record';
import { named, type VolumePlace } from '../volume-place';

/** Its Job is still to be made, or has ended: so long the attempt that waits for it, or the next one, may need to go on. */
const goesOnWithinMs = 60_000;
const betweenLooksMs = 500;

/**
 * Waits for the recovery point that is being taken of the volume. A pass would end it, and the next attempt to take it would end that
 * pass: of points that take longer than the schedule pauses, neither would ever come to its end. Nobody waits for a point that
 * everybody has left.
 */
export async function awaitPoint(place: VolumePlace, context: CallContext): Promise<void> {
  const { signal } = context;
  let [point, seen] = ['', performance.now()];
  for (;;) {
    const { pass } = (await openVolume(place)).record;
    if (pass === undefined || !takesPoint(pass)) return;
    const job = await readJob({ place, pass: pass.id, script: pass.script });
    const isAtWork = job !== undefined && isStillToEnd(job);
    if (isAtWork || pass.id !== point) [point, seen] = [pass.id, performance.now()];
    if (performance.now() - seen > goesOnWithinMs) return;
    context.progress({ doing: `waiting for the recovery point that is being taken of ${named(place)}` });
    await pause(betweenLooksMs, undefined, { signal });
  }
}

type PointPass = OpenPass & { readonly script: 'capture' | 'count' };

const takesPoint = (pass: OpenPass): pass is PointPass => pass.script === 'capture' || pass.script === 'count';
