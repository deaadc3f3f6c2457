import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { isAlive, identityOf, readProcessTable } from '../../../drivers/local/workloads/process-table';

/** The first thread ends, the second waits to be killed. Says "ended" when the kernel shows the first as a zombie. */
const firstThreadEnds = `
import ctypes, os, threading, time
def watch():
    while open('/proc/self/stat').read().rsplit(')', 1)[1].split()[0] != 'Z':
        time.sleep(0.01)
    os.write(1, b'ended')
    time.sleep(600)
threading.Thread(target=watch).start()
ctypes.CDLL(None).syscall(ctypes.c_long({'x86_64': 60, 'aarch64': 93}[os.uname().machine]), 0)
`;

const hasPython = process.platform === 'linux' && spawnSync('python3', ['-c', 'import ctypes']).status === 0;

test('a process counts as gone only when the last of its threads has ended', async () => {
  if (!hasPython) {
    process.stderr.write('Not tested: threads that outlive the first of their process. It takes Linux with python3.\n');
    return;
  }
  const child = spawn('python3', ['-c', firstThreadEnds], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, MARK: 'mine' },
  });
  try {
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    const table = readProcessTable();
    const row = table.find(child.pid ?? 0);
    if (row === undefined) throw new Error('a process with a running thread is not listed');
    expect(table.environment(row.pid)).toContain('MARK=mine');
    child.kill('SIGKILL');
    await exited;
    expect(isAlive(readProcessTable(), identityOf(row))).toBe(false);
  } finally {
    child.kill('SIGKILL');
  }
});
