import { withInstallation } from '../lab/installation';
import { peakRssMiB } from '../process-memory';
import type { BenchClusters } from './bench-clusters';
import { makeFleet } from './fleet';
import { installationOf } from './hundred';
import type { Details, KubernetesFigures } from './kubernetes-figures';
import { moveBySwitchback, reprotect, requestsDuring, type Move } from './switchback-move';

type Measured = Pick<KubernetesFigures, 'thousandSeconds' | 'requestsPerWorkloadDirection'> &
  Pick<Details, 'thousandRunSeconds' | 'workerPeakMiB'>;

const count = 1000;

/** A failover and a failback of 1,000 Deployments, by a worker that does nothing else. */
export async function measureThousand(bench: BenchClusters, say: (line: string) => void): Promise<Measured> {
  const fleet = await makeFleet(bench, 'thousand', count);
  return withInstallation(installationOf(bench, fleet), async (installation) => {
    const moves: Move[] = [];
    const requests: number[] = [];
    for (const direction of ['failover', 'failback'] as const) {
      if (direction === 'failback') await reprotect(installation, fleet);
      const asked = await requestsDuring(bench, async () =>
        moves.push(await moveBySwitchback(bench, installation, { fleet, direction })),
      );
      say(`1,000: ${direction} in ${moves.at(-1)?.moveSeconds.toFixed(2)} s, ${asked} requests`);
      requests.push(asked);
    }
    const failback = moves.at(-1);
    return {
      thousandSeconds: failback?.moveSeconds ?? null,
      thousandRunSeconds: failback?.runSeconds ?? Number.NaN,
      requestsPerWorkloadDirection: Math.max(...requests) / count,
      workerPeakMiB: peakRssMiB(installation.worker().pid),
    };
  });
}
