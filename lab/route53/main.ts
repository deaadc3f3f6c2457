import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findMoto } from './install-moto';
import { readLabRunbook } from './lab-runbook';
import { startLab } from './start-lab';

const usage = `npm run lab:route53 -- RUNBOOK... [--folder FOLDER]

Route 53 on this machine, until ctrl-c: the hosted zones that the runbooks name, with their records leading to the primary
site, and a name server that answers from them. The next start goes on with the records of this one.

  --folder FOLDER  where records, runbooks and sites are kept; .switchback/route53 by default`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: readonly string[]): Promise<void> {
  const options = { folder: { type: 'string', default: path.join('.switchback', 'route53') } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (positionals.length === 0) throw new Error(usage);
  const runbooks = await Promise.all(positionals.map(readLabRunbook));
  const moto = await findMoto({ env: process.env, say });
  if (moto.kind === 'missing') throw new Error(moto.why);
  const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const lab = await startLab({ python: moto.path, folder: path.resolve(values.folder), runbooks });
  say(`Route 53 is up; its name server is ${lab.nameServer}. A worker needs:`);
  for (const [name, value] of Object.entries(lab.env)) say(`export ${name}=${value}`);
  say('ctrl-c ends it');
  await asked;
  await lab.stop();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
});
