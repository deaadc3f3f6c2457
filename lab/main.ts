import path from 'node:path';
import { parseArgs } from 'node:util';
import { findBinaries } from './kubernetes/binaries/find-binaries';
import { labDown, labStatus, labUp } from './kubernetes/lab-commands';

const usage = `npm run lab -- COMMAND [--nodes fake] [--folder FOLDER]

  up      start two Kubernetes clusters, alpha and beta, and write a kubeconfig with both
  down    end them, and remove the folder
  status  say what runs; exit code 1 when not all of it does
  build   only build what the clusters need, into the cache

  --nodes fake     nodes and pods without machines (kwok); the only size there is
  --folder FOLDER  where the lab lies; .switchback/kubernetes-lab by default`;

async function main(args: readonly string[]): Promise<number> {
  const options = { nodes: { type: 'string', default: 'fake' }, folder: { type: 'string' } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [command = ''] = positionals;
  if (values.nodes !== 'fake') throw new Error(`nodes "${values.nodes}" are not known; write --nodes fake`);
  const folder = path.resolve(values.folder ?? path.join('.switchback', 'kubernetes-lab'));
  const lab = { folder, say };
  switch (command) {
    case 'up':
      await labUp(lab);
      return 0;
    case 'down':
      await labDown(lab);
      return 0;
    case 'status':
      return (await labStatus(lab)) ? 0 : 1;
    case 'build':
      say(`the programs are in ${path.dirname((await findBinaries({ say })).kwok)}`);
      return 0;
    default:
      throw new Error(usage);
  }
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
