import { findKubectl } from '../../lab/kubernetes/binaries/find-binaries';
import type { Installation } from '../lab/installation';
import { withInstallation } from '../lab/installation';
import { median } from '../measure/median';
import { moveByBash } from './bash-loop';
import { clusterNames, type BenchClusters } from './bench-clusters';
import { makeFleet, untilSettled, type Fleet } from './fleet';
import { fleetRunbook } from './fleet-runbook';
import { moveByFloor, type FloorMove } from './floor';
import type { Details, KubernetesFigures } from './kubernetes-figures';
import { percentile } from './ready-observer';
import { lagsOfFailback, moveBySwitchback, reprotect, workerProgram, type Move } from './switchback-move';

type Say = (line: string) => void;

type Measured = Pick<
  KubernetesFigures,
  'floorSeconds' | 'failbackSeconds' | 'ratioToFloor' | 'bashSeconds' | 'readyLagMs95'
> &
  Pick<Details, 'floorStopSeconds' | 'failbackStopSeconds' | 'runSeconds'>;

const count = 100;
const rounds = 3;
const home = { from: clusterNames.recovery, to: clusterNames.primary } as const;
const away = { from: clusterNames.primary, to: clusterNames.recovery } as const;

/** The floor, the product and the bash loop on the same clusters, one after the other, each with Deployments of its own. */
export async function measureHundred(bench: BenchClusters, say: Say): Promise<Measured> {
  const kubectl = await findKubectl({ say });
  const plain = await makeFleet(bench, 'plain', count);
  const fleet = await makeFleet(bench, 'hundred', count);
  const contest = await withInstallation(installationOf(bench, fleet), async (installation) => {
    const lab = { bench, installation, fleet, plain };
    // What is run for the first time is compiled on the way: that is no part of the figures.
    await round(lab, 0);
    const measured = [];
    for (let number = 1; number <= rounds; number += 1) {
      const one = await round(lab, number);
      say(
        `round ${number}: floor ${one.floor.seconds.toFixed(2)} s, failback ${one.failback.moveSeconds.toFixed(2)} s`,
      );
      measured.push(one);
    }
    await moveBySwitchback(bench, installation, { fleet, direction: 'failover' });
    await reprotect(installation, fleet);
    return { measured, lags: await lagsOfFailback(bench, installation, fleet) };
  });
  await moveByFloor(bench, plain, away);
  await untilSettled(bench.clusters[home.from].client, plain);
  const bashSeconds = await moveByBash(bench, plain, { ...home, kubectl });
  const { measured, lags } = contest;
  return {
    floorSeconds: median(measured.map(({ floor }) => floor.seconds)),
    floorStopSeconds: median(measured.map(({ floor }) => floor.stopSeconds)),
    failbackSeconds: median(measured.map(({ failback }) => failback.moveSeconds)),
    failbackStopSeconds: median(measured.map(({ failback }) => failback.stopSeconds)),
    runSeconds: median(measured.map(({ failback }) => failback.runSeconds)),
    // Of what was measured one after the other: what else the machine does changes from round to round.
    ratioToFloor: median(measured.map(({ floor, failback }) => failback.moveSeconds / floor.seconds)),
    bashSeconds,
    readyLagMs95: percentile(lags, 0.95),
  };
}

export const installationOf = ({ folder }: BenchClusters, fleet: Fleet) => ({
  runbooks: [fleetRunbook(fleet)],
  program: workerProgram,
  environment: () => Promise.resolve({ SWITCHBACK_KUBECONFIGS: folder }),
});

interface Lab {
  readonly bench: BenchClusters;
  readonly installation: Installation;
  readonly fleet: Fleet;
  readonly plain: Fleet;
}

/** Both are moved away, then home; the way home is measured, in turn the one and the other first. */
async function round(
  { bench, installation, fleet, plain }: Lab,
  number: number,
): Promise<{ readonly floor: FloorMove; readonly failback: Move }> {
  await moveByFloor(bench, plain, away);
  await moveBySwitchback(bench, installation, { fleet, direction: 'failover' });
  await reprotect(installation, fleet);
  for (const one of [plain, fleet]) await untilSettled(bench.clusters[home.from].client, one);
  const byFloor = async (): Promise<FloorMove> => {
    const move = await moveByFloor(bench, plain, home);
    await untilSettled(bench.clusters[home.to].client, plain);
    return move;
  };
  const bySwitchback = async (): Promise<Move> => {
    const move = await moveBySwitchback(bench, installation, { fleet, direction: 'failback' });
    await untilSettled(bench.clusters[home.to].client, fleet);
    return move;
  };
  if (number % 2 === 0) {
    const failback = await bySwitchback();
    return { floor: await byFloor(), failback };
  }
  return { floor: await byFloor(), failback: await bySwitchback() };
}
