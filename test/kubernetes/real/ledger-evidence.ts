import type { Acknowledgement } from '../../../demo/shop/acknowledgement';
import {
  everyAcknowledgedOrderOnceInOrder,
  exactlyTheNamedOrdersAreLost,
  neverTwoLedgersAtOnce,
} from '../../../demo/shop/proofs';
import type { KubeList, KubeObject } from '../../../drivers/kubernetes/kube-object';
import { until } from '../../integration/faults/until';
import { jobsIn, secretsIn, type LedgerLab, type Side } from './ledger-lab';

/** A pod of the ledger is a ledger of its own: its reigns are numbered as epochs are, in the order in which they began. */
function byReign(acks: readonly Acknowledgement[]): readonly Acknowledgement[] {
  const first = [...acks].sort((one, other) => one.ackedAt - other.ackedAt);
  const reigns = [...new Set(first.map(({ site }) => site))];
  return acks.map((ack) => ({ ...ack, epoch: reigns.indexOf(ack.site) + 1 }));
}

interface Expected {
  /** Orders of this pod are lost from this record of the ledger on. */
  readonly loss?: { readonly pod: string; readonly fromRecord: number };
}

/** The three proofs of the demo, over all that customers were told so far. The log goes on growing meanwhile. */
export async function expectProofs(lab: LedgerLab, active: Side, { loss }: Expected = {}): Promise<void> {
  const told = byReign([...lab.customers.acknowledgements]);
  expect(told.length).toBeGreaterThan(0);
  const log = await lab.orderLog(active);
  const lostReign = told.find(({ site }) => site === loss?.pod)?.epoch;
  const complete =
    loss === undefined || lostReign === undefined
      ? everyAcknowledgedOrderOnceInOrder(told, log)
      : exactlyTheNamedOrdersAreLost(told, log, { epoch: lostReign, fromRecord: loss.fromRecord });
  expect(complete).toMatchObject({ holds: true, evidence: [] });
  expect(neverTwoLedgersAtOnce(told)).toMatchObject({ holds: true, evidence: [] });
}

/** An order is acknowledged from now on, by a pod of that site. */
export async function expectServedBy(lab: LedgerLab, side: Side): Promise<void> {
  const since = Date.now();
  const pods = await lab.pods(side);
  await until(
    `customers are served at ${side}`,
    () => lab.customers.acknowledgements.some(({ sentAt, site }) => sentAt > since && pods.includes(site)),
    () => `pods ${pods.join(', ')}; ${lab.customers.lastFailure ?? ''}`,
  );
}

/** The ledger runs at the site, and no pod of it at the other; the name leads there, and the group says the same. */
export async function expectActive(lab: LedgerLab, active: Side, phase: string): Promise<void> {
  const standby = active === 'alpha' ? 'beta' : 'alpha';
  expect(await lab.state()).toMatchObject({ phase, activeSite: active === 'alpha' ? 'primary' : 'recovery' });
  expect(await lab.pods(standby)).toEqual([]);
  expect(await lab.pods(active)).toHaveLength(1);
  const [record] = await lab.route53.sets('shop.example.test');
  expect(record?.ResourceRecords).toEqual([{ Value: active === 'alpha' ? '127.0.1.1' : '127.0.2.1' }]);
  await expectServedBy(lab, active);
}

/** Nothing of the mover stays in the namespace of either site, once no pass is under way: no Job and no key. */
export async function expectNothingMoves(lab: LedgerLab): Promise<void> {
  let left: readonly string[] = [];
  const look = async (): Promise<boolean> => {
    const collections = Object.values(lab.sites).flatMap(({ cluster }) =>
      [jobsIn, secretsIn].map(async (path) => (await cluster.client.get<KubeList<KubeObject>>(path)).items),
    );
    left = (await Promise.all(collections)).flat().map(({ metadata }) => metadata.name);
    return left.length === 0;
  };
  await until('nothing is being moved', look, () => left.join(', '));
}
