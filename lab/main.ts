import path from 'node:path';
import { parseArgs } from 'node:util';
import { findBinaries, findKubelet } from './kubernetes/binaries/find-binaries';
import { labDown, labStatus, labUp, labZones } from './lab-commands';
import { nodeKinds, type NodeKind } from './lab-state';

const usage = `npm run lab -- COMMAND [--nodes fake|real] [--folder FOLDER]

  up                start two Kubernetes clusters, alpha and beta, and Route 53 with a name server; say what to export
  zones RUNBOOK...  make the hosted zones that runbooks name, with their records, and runbooks that ask the name server
  status            say what runs, and what to export; exit code 1 when not all of it runs
  down              end all of it, and remove the folder
  build             only build what the clusters need, into the cache

  --nodes fake      nodes and pods without machines (kwok); by default
  --nodes real      this machine as a node of each cluster, with real pods (containerd, kubelet); Linux, needs root
  --folder FOLDER   where the lab lies; .switchback/kubernetes-lab by default`;

async function main(args: readonly string[]): Promise<number> {
  const options = { nodes: { type: 'string', default: 'fake' }, folder: { type: 'string' } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [command = '', ...files] = positionals;
  const nodes = nodeKindOf(values.nodes);
  const folder = path.resolve(values.folder ?? path.join('.switchback', 'kubernetes-lab'));
  const lab = { folder, say };
  switch (command) {
    case 'up':
      await labUp(lab, nodes);
      return 0;
    case 'zones':
      if (files.length === 0) throw new Error(usage);
      await labZones(lab, files);
      return 0;
    case 'down':
      await labDown(lab);
      return 0;
    case 'status':
      return (await labStatus(lab)) ? 0 : 1;
    case 'build':
      say(`the programs are in ${path.dirname((await findBinaries({ say })).kwok)}`);
      if (nodes === 'real') await findKubelet({ say });
      return 0;
    default:
      throw new Error(usage);
  }
}

function nodeKindOf(text: string): NodeKind {
  const kind = nodeKinds.find((one) => one === text);
  if (kind === undefined) throw new Error(`nodes "${text}" are not known; write --nodes fake or --nodes real`);
  return kind;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 3;
  },
);
