import path from 'node:path';
import { exitCodeOfFailure } from '../cli/exit-code';
import { processTerminal } from '../cli/terminal/terminal';
import { SwitchbackFailure } from '../core/model/failure';
import { parseArguments } from './arguments';
import { runDev } from './dev/run-dev';
import { siteCommand } from './dev/site-command';
import { openScreen } from './screen/open-screen';
import { runInHome } from './stack/run-in-home';

const defaultHome = '.switchback';

const help = `npm run dev [-- options]
npm run -s dev -- disaster|reconnect <site>

A Temporal server, a worker, two sites and customers, all on this machine, until ctrl-c. The next start goes on where this
one was. Says how to start each operation by hand. With disaster or reconnect: cuts a site of a running dev off and kills
its processes, or makes it reachable again.

  --home <folder>   where everything is kept (default: ${defaultHome})
  --plain           lines instead of a live view
  --json            one line of JSON on stdout once all is up, everything else on stderr
`;

async function main(): Promise<number> {
  const terminal = processTerminal();
  const { home = defaultHome, help: wanted, positionals, ...options } = parseArguments(process.argv.slice(2), 2);
  const folder = path.resolve(home);
  const [verb, site] = positionals;
  if (wanted) terminal.out(help);
  else if (verb !== undefined) terminal.out(await siteCommand(folder, verb, site));
  else {
    const screen = await openScreen(terminal, options);
    return runInHome({ folder, kind: 'dev', screen }, (context) =>
      runDev({ ...context, screen, terminal, json: options.json }),
    );
  }
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(error instanceof SwitchbackFailure ? exitCodeOfFailure(error.code) : 1);
  },
);
