import os from 'node:os';
import { jsonLine, table, type Measured } from './figures';
import { measurements } from './measurements';

/** `npm run bench [-- --json] [only...]`: every figure, or those of the measurements named. */
async function main(args: readonly string[]): Promise<void> {
  const json = args.includes('--json');
  const only = args.filter((arg) => arg !== '--json');
  const unknown = only.filter((name) => !measurements.some((one) => one.name === name));
  if (unknown.length > 0) {
    const names = measurements.map(({ name }) => name).join(', ');
    throw new Error(`there is no measurement ${unknown.join(', ')}; there are: ${names}`);
  }
  const chosen = measurements.filter(({ name }) => only.length === 0 || only.includes(name));
  const measured = await measureAll(chosen);
  process.stdout.write(`${json ? jsonLine(measured) : table(measured)}\n`);
}

async function measureAll(chosen: typeof measurements): Promise<Partial<Measured>> {
  let measured: Partial<Measured> = {};
  say(
    `${os.cpus().length} processors, load ${os.loadavg()[0]?.toFixed(1)}, ${process.platform}, Node ${process.version}`,
  );
  for (const { name, seconds, measure } of chosen) {
    say(`${name}, about ${seconds} s ...`);
    try {
      measured = { ...measured, ...(await measure()) };
    } catch (error) {
      // The other figures are worth having all the same.
      say(`${name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exitCode = 1;
    }
  }
  return measured;
}

/** Standard output is for the figures. */
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
