import type { ProtectionState } from '../../../core/model/protection';
import type { GroupSnapshot } from '../../../core/report/group-samples';

/** ISO instant, so many minutes after noon. */
export const at = (minute: number): string => new Date(Date.UTC(2026, 10, 29, 12, minute)).toISOString();
export const state: ProtectionState = {
  group: 'shop',
  phase: 'Protected',
  activeSite: 'primary',
  epoch: 3,
  highestEpoch: 3,
  replication: {
    direction: 'primary-to-recovery',
    paused: false,
    rpoSeconds: 300,
    asOf: { orders: at(10), mails: at(8) },
    lastPassAt: at(10),
  },
  fencing: { primary: 'unfenced', recovery: 'unfenced' },
  runs: [],
};
const volumes = ['orders', 'mails'].map((name) => ({ name })) as unknown as NonNullable<
  GroupSnapshot['runbook']
>['volumes'];
export const runbook = { objectives: { rpoSeconds: 300, rtoSeconds: 900 }, volumes };
/** Protected, with two volumes, one of them two minutes further behind. */
export const protectedShop: GroupSnapshot = { seenAt: at(11), state, runbook, runs: [] };
