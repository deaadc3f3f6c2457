import os from 'node:os';
import { clusterFiles } from '../../lab/kubernetes/cluster/cluster-files';
import { programArguments } from '../../lab/kubernetes/cluster/program-arguments';
import { countRequests } from './api-requests';
import { withClusters } from './bench-clusters';
import { measureHundred } from './hundred';
import { kubernetesJsonLine, kubernetesTable } from './kubernetes-figures';
import { measureMover } from './mover';
import { measureThousand } from './thousand';

/** `npm run bench:kubernetes [-- --json]`: every figure, on two clusters of its own, in one run. */
async function main(args: readonly string[]): Promise<void> {
  const unknown = args.filter((arg) => arg !== '--json');
  if (unknown.length > 0) throw new Error(`there is no option ${unknown.join(' ')}; there is: --json`);
  say(machine());
  for (const program of ['kube-controller-manager', 'kube-scheduler'] as const) say(`${program} ${limitsOf(program)}`);
  say('kube-apiserver: --max-requests-inflight and --max-mutating-requests-inflight by default');
  await withClusters(say, async (bench) => {
    say('100 Deployments, about 4 minutes ...');
    const hundred = await measureHundred(bench, say);
    say('1,000 Deployments, about 4 minutes ...');
    const thousand = await measureThousand(bench, say);
    const { throttled } = await countRequests(bench);
    const mover = measureMover();
    const figures = { ...hundred, ...thousand, throttled, moverRatio: mover.ratio };
    say(machine());
    const table = kubernetesTable(figures, { ...hundred, ...thousand, moverHow: mover.how });
    if (args.includes('--json')) {
      say(table);
      process.stdout.write(`${kubernetesJsonLine(figures)}\n`);
    } else process.stdout.write(`${table}\n`);
  });
}

const machine = (): string =>
  `${os.cpus().length} processors, load ${os.loadavg()[0]?.toFixed(1)}, ${process.platform}, Node ${process.version}`;

/** The flags that decide how fast the cluster itself is. */
function limitsOf(program: 'kube-controller-manager' | 'kube-scheduler'): string {
  const ports = { etcd: 0, etcdPeer: 0, api: 0, kubelet: 0 };
  const flags = programArguments[program]({ files: clusterFiles(''), ports });
  return flags.filter((flag) => /^--(kube-api-(qps|burst)|concurrent-)/.test(flag)).join(' ');
}

/** Standard output is for the figures. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
