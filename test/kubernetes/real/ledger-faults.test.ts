import { KilledAgainAndAgain } from '../../integration/faults/killed-again';
import { expectActive, expectProofs } from './ledger-evidence';
import { describeLedger, type LedgerLab } from './ledger-lab';

jest.setTimeout(900_000);

/** The steps that move something, of a move to the site. */
const stepsTo = (to: string, from: string): readonly string[] => [
  `stop-workload/ledger@${from}`,
  `final-sync/orders@${to}`,
  `start-workload/ledger@${to}`,
  `switch-traffic/shop.example.test@${to}`,
];

const atBoth = (steps: readonly string[]): readonly string[] =>
  steps.flatMap((step) => ['before', 'after'].map((moment) => `activity:${step}:${moment}`));

describeLedger('the ledger in real pods, while parts fail', (openLab) => {
  let lab: LedgerLab;
  beforeAll(async () => void (lab = await openLab()));
  afterAll(async () => lab?.close());

  test('the worker is killed around stop, final sync, start and the switch of a failover: each takes effect once', async () => {
    const killed = new KilledAgainAndAgain(lab.workers, atBoth(stepsTo('berlin', 'paris')));
    await lab.complete('failover');
    await lab.complete('reprotect');
    await expectActive(lab, 'beta', 'ReverseProtected');
    await expectProofs(lab, 'beta');
    expect(await killed.stop()).toEqual([]);
    const worker = lab.workers.start();
    await lab.complete('failback');
    await expectActive(lab, 'alpha', 'Protected');
    await expectProofs(lab, 'alpha');
    await worker.stop();
  });
});
