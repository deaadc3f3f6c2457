import { randomBytes, randomUUID } from 'node:crypto';
import type { CallContext } from '../../../ports';
import type { MoverScript } from '../jobs/scripts';
import { readJob } from '../jobs/start-task';
import { changeRecord, type RecordChange } from '../record/change-record';
import { overtaken } from '../record/refusals';
import type { OpenPass, OpenVolume, VolumeRecord } from '../record/volume-record';
import type { VolumePlace } from '../volume-place';

/** A pass that this attempt has begun, or that it takes over from one that was interrupted. */
export interface TakenPass extends OpenPass {
  /** Its Job is there already, and is waited for. */
  readonly adopted: boolean;
  /** The record before: of the volume that the pass changes. */
  readonly before: VolumeRecord;
}

export interface Taking {
  readonly operationKey: string;
  /** The script of the Job that does the work. */
  readonly script: MoverScript;
  /** Throws what speaks against it. */
  readonly check: (volume: OpenVolume) => void;
  /** False: a pass of the same operation is begun anew. */
  readonly adopt?: boolean;
}

/** From its return on no other pass writes the volume: their pods read that they are not the writer, or are ended. */
export async function takePass(place: VolumePlace, taking: Taking, context: CallContext): Promise<TakenPass> {
  const holder = randomUUID();
  let adopted = false;
  let before: VolumeRecord | undefined;
  const { pass } = await changeRecord(
    place,
    async (volume) => {
      taking.check(volume);
      before = volume.record;
      adopted = await goesOn(volume, taking);
      const id = randomBytes(5).toString('hex');
      const asOf = new Date().toISOString();
      const { operationKey, script } = taking;
      const own = adopted && before.pass ? { ...before.pass, holder } : { id, operationKey, script, holder, asOf };
      return { ...before, pass: own };
    },
    context.signal,
  );
  return { ...(pass as OpenPass), adopted, before: before as VolumeRecord };
}

async function goesOn(
  { place, record: { pass } }: OpenVolume,
  { operationKey, script, adopt = true }: Taking,
): Promise<boolean> {
  if (!adopt || pass?.operationKey !== operationKey) return false;
  const job = await readJob({ place, pass: pass.id, script });
  return job !== undefined && job.spec.suspend !== true && (job.status?.failed ?? 0) === 0;
}

/** Writes down what a pass has done, unless another attempt has taken it over. @throws SwitchbackFailure `StaleAttempt` */
export async function closePass(
  place: VolumePlace,
  { holder }: OpenPass,
  change: (volume: OpenVolume) => VolumeRecord,
): Promise<VolumeRecord> {
  const close: RecordChange = (volume) => {
    const { pass } = volume.record;
    if (pass?.holder !== holder) throw overtaken(place, pass?.operationKey ?? 'nobody');
    const { pass: _, ...next } = change(volume);
    return next;
  };
  return changeRecord(place, close);
}

/** Nobody waits any more for a pass whose attempt was ended; what it has begun is still settled by whoever comes next. */
export async function leavePass(place: VolumePlace, { holder }: OpenPass): Promise<void> {
  await changeRecord(place, ({ record }) => {
    if (record.pass?.holder !== holder) return undefined;
    const { script: _, ...pass } = record.pass;
    return { ...record, pass };
  });
}

/** @throws SwitchbackFailure `StaleAttempt` when another attempt has taken the pass over */
export function assertHeld({ place, record }: OpenVolume, { holder }: OpenPass): void {
  if (record.pass?.holder !== holder) throw overtaken(place, record.pass?.operationKey ?? 'nobody');
}
