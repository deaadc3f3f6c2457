import { spawn } from 'node:child_process';
import path from 'node:path';
import { findBrowser } from '../test/web-ui/browser';

/**
 * `npm run test:web-ui`: the real Temporal Web UI, reports and a terminal in a real browser; what follows `--` goes to jest. Without
 * a browser it says so and is no failure. With UPDATE_SCREENSHOTS=1 the pictures of docs/guide are taken anew.
 */
const root = path.join(__dirname, '..');

/** A browser that hangs must not hold up whoever waits for the tests. */
const DEADLINE_MS = 10 * 60_000;

if (findBrowser() === undefined) {
  console.log(
    'The Web UI was not tested: neither chromium, chromium-browser nor google-chrome is on PATH (on Debian: apt-get install chromium).',
  );
} else {
  const jest = [require.resolve('jest/bin/jest'), '--config', 'test/web-ui/jest.config.js', ...process.argv.slice(2)];
  const child = spawn(process.execPath, jest, { cwd: root, stdio: 'inherit', timeout: DEADLINE_MS });
  child.on('close', (code) => (process.exitCode = code ?? 1));
}
