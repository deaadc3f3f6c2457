import { runCli } from './run-cli';
import { processTerminal } from './terminal/terminal';

// Whoever reads the output may stop in the middle (`| head`): that is no fault, and nobody is there who would read about it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

void runCli(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
