const { spawn } = require('node:child_process');
const { existsSync, rmSync } = require('node:fs');

/**
 * hold-quiesced.cjs <file> <milliseconds> <program> <argument>...: started before an application is quiesced, it outlives the
 * worker, and runs the program that resumes the application when the time is up, whoever has died by then. It leaves quietly
 * when the file is gone: the application was resumed. A resume that fails is tried again for a while; the worker tries as well.
 */
const LOOK_MS = 200;
const AGAIN_MS = 2000;
const GIVE_UP_MS = 3_600_000;
const ONE_TRY_MS = 60_000;
const [, , file, milliseconds, program, ...args] = process.argv;
const begun = Date.now();
const due = begun + Number(milliseconds);
let trying = false;
let nextTry = due;

function resume() {
  trying = true;
  const child = spawn(program, args, { shell: false, stdio: 'ignore', timeout: ONE_TRY_MS, killSignal: 'SIGKILL' });
  const over = (well) => {
    trying = false;
    nextTry = Date.now() + AGAIN_MS;
    if (well) rmSync(file, { force: true });
  };
  child.on('error', () => over(false));
  child.on('exit', (code) => over(code === 0));
}

setInterval(() => {
  if (trying) return;
  if (!existsSync(file) || Date.now() > due + GIVE_UP_MS) process.exit(0);
  if (Date.now() >= nextTry) resume();
}, LOOK_MS);
process.on('disconnect', () => undefined);
process.send('armed', () => process.disconnect());
