import type { Objectives } from '../model/runbook';
import { acceptedSeconds } from './duration';
import type { WrittenRunbook } from './schema';

export function objectivesOf({ rpo, rto, grades }: WrittenRunbook['objectives']): Objectives {
  return {
    rpoSeconds: acceptedSeconds(rpo),
    rtoSeconds: acceptedSeconds(rto),
    ...(grades.length > 0 && {
      grades: grades.map(({ name, withinRpo, longestBreach, rto: slowest = rto }) => ({
        name,
        withinRpoPercent: withinRpo,
        ...(longestBreach !== undefined && { longestBreachSeconds: acceptedSeconds(longestBreach) }),
        rtoSeconds: acceptedSeconds(slowest),
      })),
    }),
  };
}
