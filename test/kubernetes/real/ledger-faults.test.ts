import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StepState } from '../../../core/model/run';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import type { KubeList, KubeObject } from '../../../drivers/kubernetes/kube-object';
import { answer, BreakingWorker } from '../../integration/faults/breaking-worker';
import { KilledAgainAndAgain } from '../../integration/faults/killed-again';
import { until } from '../../integration/faults/until';
import type { Fault } from '../lab/faulty-api';
import { expectActive, expectNothingMoves, expectProofs } from './ledger-evidence';
import { describeLedger, jobsIn, podsIn, type LedgerLab } from './ledger-lab';
import { podOnVolume } from '../lab/pod-on-volume';

jest.setTimeout(900_000);

/** The steps that move something, of a move to the site. */
const stepsTo = (to: string, from: string): readonly string[] => [
  `stop-workload/ledger@${from}`,
  `final-sync/orders@${to}`,
  `start-workload/ledger@${to}`,
  `switch-traffic/shop.example.test@${to}`,
];

/** One of three requests fails, in turn by overload and by an error of the server. */
function overloaded(): { readonly fault: Fault; readonly refused: ReadonlySet<number> } {
  let requests = 0;
  const refused = new Set<number>();
  const fault: Fault = () => {
    requests += 1;
    if (requests % 3 !== 0) return undefined;
    const status = requests % 2 === 0 ? 429 : 500;
    refused.add(status);
    return status === 429 ? { status, retryAfter: '0.1' } : { status };
  };
  return { fault, refused };
}

const copies = { query: { labelSelector: 'switchback.dev/mover=pull' } };

interface Job extends KubeObject {
  readonly status?: { readonly active?: number };
}

/** Every Job that copies and is made until the signal ends it. */
async function noteMade(client: KubeClient, made: KubeObject[], signal: AbortSignal): Promise<void> {
  try {
    for await (const { type, object } of client.watch<KubeObject>(jobsIn, copies.query, signal))
      if (type === 'ADDED') made.push(object);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const atBoth = (steps: readonly string[]): readonly string[] =>
  steps.flatMap((step) => ['before', 'after'].map((moment) => `activity:${step}:${moment}`));

describeLedger('the ledger in real pods, while parts fail', (openLab) => {
  let lab: LedgerLab;
  /** From the second test on. */
  let worker: BreakingWorker;
  beforeAll(async () => void (lab = await openLab()));
  afterAll(async () => lab?.close());

  test('the worker is killed around stop, final sync, start and the switch of a failover: each takes effect once', async () => {
    const killed = new KilledAgainAndAgain(lab.workers, atBoth(stepsTo('berlin', 'paris')));
    await lab.complete('failover');
    await lab.complete('reprotect');
    await expectActive(lab, 'beta', 'ReverseProtected');
    await expectProofs(lab, 'beta');
    expect(await killed.stop()).toEqual([]);
  });

  test('API servers that answer 429 and 500 to one of three requests hold up a failback, and stop nothing', async () => {
    worker = new BreakingWorker(lab.workers);
    const apis = Object.values(lab.sites).map(({ api }) => api);
    const faults = apis.map(() => overloaded());
    apis.forEach((api, index) => (api.fault = faults[index]?.fault ?? api.fault));
    await lab.complete('failback');
    for (const api of apis) api.fault = () => undefined;
    expect(faults.map(({ refused }) => refused.size)).toEqual([2, 2]);
    await expectActive(lab, 'alpha', 'Protected');
    await expectProofs(lab, 'alpha');
  });

  test('a token that has expired is asked about; with a new one in the kubeconfig the step goes on', async () => {
    const file = path.join(lab.home, 'kubeconfig');
    const { token } = lab.sites.beta.cluster.access;
    const expire: Fault = ({ headers }) => {
      if (headers.authorization === `Bearer ${token}`) return { status: 401 };
      if (headers.authorization === 'Bearer renewed') headers.authorization = `Bearer ${token}`;
      return undefined;
    };
    const step = 'start-workload/ledger@berlin';
    const handle = await worker.breakAt(
      `activity:${step}:before/stop`,
      () => lab.start('failover'),
      () => void (lab.sites.beta.api.fault = expire),
    );
    expect(await lab.failedStep(handle, step)).toMatch(/401/);
    await writeFile(file, (await readFile(file, 'utf8')).replace(token, 'renewed'));
    await answer(handle, 'retry');
    await lab.completed(handle);
    await expectActive(lab, 'beta', 'FailedOver');
    await expectProofs(lab, 'beta');
  });

  test('a volume that something else keeps mounted counts as in use: nothing goes on before it is let go', async () => {
    const { client } = lab.sites.beta.cluster;
    await lab.complete('reprotect');
    await client.create(podsIn, podOnVolume('backup'));
    await until(
      'the other pod runs',
      async () => (await client.get<{ status: { phase: string } }>(`${podsIn}/backup`)).status.phase === 'Running',
    );
    const handle = await lab.start('failback');
    const asks = await lab.failedStep(handle, 'stop-workload/ledger@berlin');
    expect(asks).toMatch(/pod backup uses the volume claim orders/);
    expect(await lab.pods('beta')).toEqual([]);
    expect(await lab.pods('alpha')).toEqual([]);
    await client.request({ method: 'DELETE', path: `${podsIn}/backup`, body: { gracePeriodSeconds: 1 } });
    await answer(handle, 'retry');
    await lab.completed(handle);
    await expectActive(lab, 'alpha', 'Protected');
    await expectProofs(lab, 'alpha');
    await expectNothingMoves(lab);
  });

  test('a copy that is under way when its worker is killed goes on, and the next worker takes its result', async () => {
    const { client } = lab.sites.beta.cluster;
    const made: KubeObject[] = [];
    const end = new AbortController();
    const watching = noteMade(client, made, end.signal);
    const handle = await lab.start('failover');
    const isFinal = ({ id, status }: StepState) => id === 'final-sync/orders@berlin' && status === 'running';
    await lab.until(handle, 'the final sync runs', ({ steps }) => steps.some(isFinal));
    let copy: Job | undefined;
    await until('its Job has a pod', async () => {
      [copy] = (await client.get<KubeList<Job>>(jobsIn, copies)).items;
      return copy?.status?.active === 1;
    });
    worker.current.signal('SIGKILL');
    await worker.current.ended;
    worker = new BreakingWorker(lab.workers);
    await lab.completed(handle);
    await expectActive(lab, 'beta', 'FailedOver');
    await expectProofs(lab, 'beta');
    await expectNothingMoves(lab);
    end.abort();
    await watching;
    // Nobody made another one.
    expect(made.map(({ metadata }) => metadata.uid).at(-1)).toBe(copy?.metadata.uid);
  });
});
