const { spawn } = require('node:child_process');

/**
 * supervise.cjs <program> <argument>...: runs the program in a process group of its own, and ends that group when the worker
 * asks for it, when the worker is gone (the channel closes, however it died), and when the program has ended. Tells the worker
 * how it ended. The program has the environment, the output and the error output of this process.
 */
const GRACE_MS = 5000;
const [, , program, ...args] = process.argv;

const child = spawn(program, args, { shell: false, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

function signalGroup(signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: nobody of the group is left, which is what was wanted. macOS says EPERM when only its zombie is.
    if (!['ESRCH', 'EPERM'].includes(error.code)) throw error;
  }
}

function leave(message) {
  // What the program left behind in its group would outlive the hook.
  signalGroup('SIGKILL');
  if (process.connected) process.send(message, () => process.exit(0));
  else process.exit(0);
}

process.on('message', (asked) => {
  if (asked !== 'end') return;
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), GRACE_MS).unref();
});
process.on('disconnect', () => {
  signalGroup('SIGKILL');
  process.exit(0);
});
child.on('error', (error) => leave({ kind: 'not-run', because: error.code ?? error.message }));
child.on('exit', (code, signal) => leave({ kind: 'ended', code, signal }));
if (child.pid !== undefined && process.connected) process.send({ kind: 'begun', pid: child.pid });
