import os from 'node:os';
import { inspect } from 'node:util';
import { clusterFiles } from '../../lab/kubernetes/cluster/cluster-files';
import { programArguments } from '../../lab/kubernetes/cluster/program-arguments';
import { countRequests } from './api-requests';
import { withClusters, type BenchClusters } from './bench-clusters';
import { measureHundred } from './hundred';
import { kubernetesJsonLine, kubernetesTable, type Details, type KubernetesFigures } from './kubernetes-figures';
import { measureMover, type MoverRatio } from './mover/measure-mover';
import { measureThousand } from './thousand';

type Measured = Partial<KubernetesFigures & Details>;

const measurements: Readonly<Record<string, (bench: BenchClusters, say: (line: string) => void) => Promise<Measured>>> =
  { hundred: measureHundred, thousand: measureThousand };

const parts = [...Object.keys(measurements), 'mover'];

/** `npm run bench:kubernetes [-- --json] [only...]`: every figure, or those of the parts named, on two clusters of its own. */
async function main(args: readonly string[]): Promise<void> {
  const only = args.filter((arg) => arg !== '--json');
  const unknown = only.filter((name) => !parts.includes(name));
  if (unknown.length > 0) {
    throw new Error(`there is no part ${unknown.join(', ')}; there are: ${parts.join(', ')}`);
  }
  say(machine());
  for (const program of ['kube-controller-manager', 'kube-scheduler'] as const) say(`${program} ${limitsOf(program)}`);
  say('kube-apiserver: --max-requests-inflight and --max-mutating-requests-inflight by default');
  // On clusters of its own, with real nodes, before the others are there.
  const mover = await moverIfWanted(only);
  await withClusters(say, async (bench) => {
    let measured: Measured = {};
    for (const [name, measure] of Object.entries(measurements)) {
      if (only.length > 0 && !only.includes(name)) continue;
      say(`${name}, about 4 minutes ...`);
      try {
        measured = { ...measured, ...(await measure(bench, say)) };
      } catch (error) {
        // The other figures are worth having all the same.
        say(`${name} could not be measured: ${inspect(error)}`);
        process.exitCode = 1;
      }
    }
    const { throttled } = await countRequests(bench);
    const all = { ...measured, throttled, moverRatio: mover.ratio, moverHow: mover.how };
    say(machine());
    const table = kubernetesTable(all);
    if (args.includes('--json')) {
      say(table);
      process.stdout.write(`${kubernetesJsonLine(all)}\n`);
    } else process.stdout.write(`${table}\n`);
  });
}

async function moverIfWanted(only: readonly string[]): Promise<MoverRatio> {
  if (only.length > 0 && !only.includes('mover')) return { ratio: null, how: 'not measured: it was not asked for' };
  say('mover, about 4 minutes ...');
  try {
    return await measureMover(say);
  } catch (error) {
    say(`mover could not be measured: ${inspect(error)}`);
    process.exitCode = 1;
    return { ratio: null, how: 'could not be measured' };
  }
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
