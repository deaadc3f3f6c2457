import { removeOtherWriters } from '../jobs/remove-tasks';
import { pointId } from '../record/volume-record';
import { claimMissing, readClaim } from '../volume-place';
import type { PointKeeping } from './point-keeping';
import { makePointsClaim, pointsClaim } from './points-claim';

/** Folders of a claim beside the volume, with hard links for what did not change. */
export const folderPoints: PointKeeping = {
  script: 'capture',
  begin: async (place, pass, context) => {
    const { before } = pass;
    await removeOtherWriters(place, pass.id, context);
    const claim = await readClaim(place);
    if (claim === undefined) throw claimMissing(place);
    await makePointsClaim(place, claim, context.signal);
    return {
      mounts: [
        { at: 'volume', claim: place.claim, readOnly: before.pass === undefined },
        { at: 'points', claim: pointsClaim(place), readOnly: false },
      ],
      env: {
        POINT: pointId(pass),
        PREVIOUS: before.points.find(({ snapshot }) => snapshot === undefined)?.point.id ?? '',
        FLAGS: (place.settings.rsyncFlags ?? []).join(' '),
        SETTLE: before.pass === undefined ? '' : 'yes',
      },
    };
  },
  of: () => ({}),
};
