import type { Observation } from '../model/observation';
import type { Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';

interface RecordsSubject {
  readonly runbook: Runbook;
  readonly observation: Observation;
  readonly from: SiteRole;
}

/** Records that are not as they are to be before they move away from a site. */
export function foreignRecords({ runbook, observation, from }: RecordsSubject): readonly string[] {
  const { records, recordsUnread } = observation;
  const problems = runbook.traffic.flatMap((record) => {
    const now = records[record.name];
    if (now === undefined) return [`${record.name} cannot be read at its provider`];
    const expected = [...record.values[from]].sort().join(', ');
    const values = [...now.values].sort().join(', ');
    if (values !== expected) return [`${record.name} is ${values || 'empty'}, expected ${expected}`];
    return now.inTheWay === undefined ? [] : [now.inTheWay];
  });
  return recordsUnread === undefined ? problems : [...problems, recordsUnread];
}
