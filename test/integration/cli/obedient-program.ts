/** A program that ends in order when it is asked to, and says so. `node ... <exit code>`. */
const alive = setInterval(() => undefined, 1000);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stdout.write(`ended in order by ${signal}\n`);
    process.exitCode = Number(process.argv[2]);
    clearInterval(alive);
  });
}
process.stdout.write('ready\n');
