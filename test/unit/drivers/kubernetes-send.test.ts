import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Nobody listens on port 1. In a process of its own: Jest keeps the warnings of Node to itself. */
const program = `
  const https = require('node:https');
  const { send } = require('./drivers/kubernetes/client/send');
  const access = { server: new URL('https://127.0.0.1:1'), headers: {}, agent: new https.Agent() };
  const { signal } = new AbortController();
  const asked = Array.from({ length: 50 }, () => send(access, { method: 'GET', path: '/', signal }).catch(({ name }) => name));
  Promise.all(asked).then((names) => console.log([...new Set(names)].join()));
`;

test('many requests of one step, which has one signal, are no leak that Node warns of', async () => {
  const cwd = path.join(__dirname, '../../..');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--require', 'tsx/cjs', '-e', program], {
    cwd,
  });
  expect(stdout.trim()).toBe('NoAnswer');
  expect(stderr).toBe('');
});
