import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exitCodeOfFailure } from '../cli/exit-code';
import { processTerminal } from '../cli/terminal/terminal';
import { SwitchbackFailure } from '../core/model/failure';
import { parseArguments, type DemoArguments } from './arguments';
import { runDemo } from './run-demo';
import { openScreen } from './screen/open-screen';
import { unusedHomes } from './stack/home';
import { runInHome } from './stack/run-in-home';

const folderPrefix = 'switchback-demo-';

const help = `npm run demo [-- options]

The full circle twice on two sites of this machine, with customers ordering all the time: a planned failover, reprotect
and failback; then a disaster, an unplanned failover, reprotect and failback; then three proofs. Exit code 1 when a proof
does not hold or an operation does not complete.

  --home <folder>   where everything is kept (default: a new folder in ${os.tmpdir()})
  --plain           lines instead of a live view
  --json            one line of JSON on stdout at the end, everything else on stderr
`;

async function main(): Promise<number> {
  // From the start of this process: what its own start took is part of what people wait for.
  const begun = performance.timeOrigin;
  const terminal = processTerminal();
  const options = parseArguments(process.argv.slice(2));
  if (options.help) {
    terminal.out(help);
    return 0;
  }
  const screen = await openScreen(terminal, options);
  const folder = homeOf(options);
  const earlier = await unusedHomes(os.tmpdir(), folderPrefix);
  return runInHome({ folder, kind: 'demo', screen }, (context) =>
    runDemo({ ...context, screen, terminal, earlier, json: options.json, begun }),
  );
}

const homeOf = ({ home }: DemoArguments): string =>
  home === undefined ? mkdtempSync(path.join(os.tmpdir(), folderPrefix)) : path.resolve(home);

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(error instanceof SwitchbackFailure ? exitCodeOfFailure(error.code) : 1);
  },
);
