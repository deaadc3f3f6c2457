import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseProgress } from '../../../drivers/kubernetes/volumes/jobs/progress';
import { resultOf } from '../../../drivers/kubernetes/volumes/jobs/pod-result';
import { makeSshKey } from '../../../drivers/kubernetes/volumes/keys/ssh-keys';

test('OpenSSH reads the private key, and its public one is the line that was made', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-key-'));
  try {
    const { privateKey, publicLine } = await makeSshKey();
    writeFileSync(path.join(folder, 'key'), privateKey, { mode: 0o600 });
    const said = execFileSync('ssh-keygen', ['-y', '-f', path.join(folder, 'key')], { encoding: 'utf8' });
    expect(said.trim()).toBe(publicLine);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['doing connecting to 192.0.2.1 port 31022\n', { doing: 'connecting to 192.0.2.1 port 31022' }],
  [
    '      1,0\r     500000  50%   10.00MB/s    0:00:01 (xfr#1, to-chk=1/3)\r',
    { doing: 'copying', done: 500_000, total: 1_000_000, unit: 'bytes' },
  ],
  ['', undefined],
])('the log %j tells how far a pass is', (text, progress) => {
  expect(parseProgress(text)).toEqual(progress);
});

test('a pod tells its result at its end, and why it ended when it could not', () => {
  const pod = (status: object) => ({
    metadata: { name: 'p', uid: '', resourceVersion: '' },
    spec: { containers: [] },
    status,
  });
  const ended = (terminated: object) =>
    pod({ containerStatuses: [{ name: 'mover', restartCount: 0, state: { terminated } }] });
  expect(resultOf(pod({ phase: 'Running' }))).toBeUndefined();
  expect(resultOf(ended({ exitCode: 0, reason: 'Completed', message: 'files 3\nsaw a b c\n' }))).toMatchObject({
    succeeded: true,
    values: { files: '3', saw: 'a b c' },
  });
  expect(resultOf(ended({ exitCode: 137, reason: 'OOMKilled' }))).toMatchObject({
    succeeded: false,
    reason: 'OOMKilled',
  });
  expect(resultOf(pod({ phase: 'Failed', reason: 'Evicted', message: 'low on disk' }))?.reason).toBe(
    'Evicted: low on disk',
  );
});
