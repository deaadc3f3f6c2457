/**
 * Loaded into every tier of the shop before its own program: `node --require workload-preload.cjs <tier>.cjs <folder>`.
 *
 * - Each start leaves a line in <folder>/starts.jsonl, written by the started process itself.
 * - A tier for which there is a file <folder>/hang-<site>-<tier> is suspended once its port is open: it never gets healthy.
 * - SIGUSR2 makes it leave its port to a process that nobody knows of, which outlives it.
 */
const { fork } = require('node:child_process');
const { appendFileSync, existsSync, renameSync } = require('node:fs');
const net = require('node:net');
const path = require('node:path');

if (process.argv[2] === 'hold-port') {
  process.once('message', (_, server) => {
    globalThis.heldPort = server;
    process.disconnect();
  });
} else {
  const [, program, folder] = process.argv;
  const tier = path.basename(program, '.cjs');
  const { SWITCHBACK_SITE: site, SWITCHBACK_EPOCH: epoch } = process.env;
  appendFileSync(
    path.join(folder, 'starts.jsonl'),
    `${JSON.stringify({ site, workload: tier, epoch: Number(epoch), pid: process.pid })}\n`,
  );

  let listening;
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (...args) {
    listening = this;
    if (existsSync(path.join(folder, `hang-${site}-${tier}`))) {
      this.once('listening', () => process.kill(process.pid, 'SIGSTOP'));
    }
    return listen.apply(this, args);
  };

  process.once('SIGUSR2', () => {
    const holder = fork(__filename, ['hold-port'], { detached: true, env: {}, stdio: 'ignore' });
    const note = path.join(folder, 'port-holder.json');
    holder.send('hold', listening, { keepOpen: true }, () => {
      appendFileSync(`${note}.new`, JSON.stringify({ pid: holder.pid }));
      renameSync(`${note}.new`, note);
      holder.unref();
    });
  });
}
