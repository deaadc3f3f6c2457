import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { StepRequest } from '../../../activities/contract';
import { endOf, readable, recordOutput } from '../../../activities/hooks/hook-output';
import { createHooks } from '../../../activities/hooks/hooks';
import { refusedProgram } from '../../../core/model/allowed-command';
import { quietly } from '../../contract/contract';

const site = (name: string) => ({ driver: 'memory', name, address: '127.0.1.1' }) as const;

const asking = (command: readonly string[]): StepRequest => ({
  run: { workflowId: 'failover/shop', runId: 'run-1', group: 'shop', operation: 'failover' },
  operationKey: 'run-1/run-command/freeze@alpha',
  step: {
    id: 'run-command/freeze@alpha',
    kind: 'run-command',
    title: 'freeze',
    segment: 'stop',
    site: 'primary',
    dependsOn: [],
    input: { hook: { kind: 'command', command, timeoutSeconds: 5 }, epoch: 2 },
  },
  sites: { primary: site('alpha'), recovery: site('beta') },
  heartbeatSeconds: 10,
});

test.each([
  ['/usr/bin/true', ['/usr/bin/true'], true],
  ['/usr/bin/false', ['/usr/bin/true'], false],
  ['true', ['true'], false],
  ['/usr/bin/../bin/true', ['/usr/bin/../bin/true'], false],
  ['/usr//bin/true', ['/usr//bin/true'], false],
  ['/usr/bin/./true', ['/usr/bin/./true'], false],
  ['/usr/bin/true', ['/usr/bin'], false],
  ['/usr/bin/true', [], false],
  ['/', ['/'], false],
  ['/opt/.hidden/run..sh', ['/opt/.hidden/run..sh'], true],
])('whether %s is run by a worker that allows %j: %s', (program, allowed, runs) => {
  expect(refusedProgram(program, allowed) === undefined).toBe(runs);
});

test('a command that the list does not have is not run, whatever the plan says; one that is not there is named ahead', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-hook-'));
  try {
    const touched = path.join(folder, 'touched');
    const hooks = createHooks({
      allowedCommands: ['/usr/bin/true', '/opt/nothing'],
      environment: {},
      outputFolder: path.join(folder, 'reports'),
    });
    await expect(hooks.run(asking(['/usr/bin/touch', touched]), quietly())).rejects.toMatchObject({
      code: 'CommandNotAllowed',
    });
    expect(existsSync(touched)).toBe(false);
    expect(await hooks.refused(['/usr/bin/true', '/opt/nothing', '/usr/bin/touch'])).toEqual({
      '/opt/nothing': expect.stringContaining('install it'),
      '/usr/bin/touch': expect.stringContaining('SWITCHBACK_ALLOWED_COMMANDS'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

const ended = (text: string, bytes = Buffer.byteLength(text)) => ({
  ok: true,
  how: 'exit code 0',
  tail: Buffer.from(text),
  bytes,
});

test.each([
  ['control characters and colours', '\u001b[31mred\u001b[0m\u0007 \u0000bell', 'red bell'],
  ['a known secret', 'it said value-of-token', 'it said ***'],
  ['line ends of other systems', 'one\r\ntwo\rthree', 'one\ntwo\nthree'],
])('%s are not in what is recorded', (_what, text, recorded) => {
  expect(readable(ended(text), { API_TOKEN: 'value-of-token' })).toBe(recorded);
});

test('half a credential at the begin of an output that was cut goes with its line', () => {
  expect(readable(ended('nter2 is the rest of it\nwhole line', 100_000), {})).toBe('whole line');
  expect(readable(ended('hunter2', 100_000), {})).toBe('');
});

test('the end of a text is cut between characters', () => {
  expect(endOf('aäöü', 5)).toBe('öü');
  expect(endOf('short', 100)).toBe('short');
});

test('a key of any form becomes the name of a file in the folder of its group, and silence none', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-hook-'));
  try {
    const about = { folder, group: 'shop', operationKey: 'run/../../x/../step@alpha', bytes: 3 };
    expect(await recordOutput('', about)).toEqual({ output: '', outputBytes: 3 });
    expect(await readdir(folder)).toEqual([]);
    const { outputFile } = await recordOutput('said', about);
    expect(outputFile).toBe('shop/hooks/run_.._.._x_.._step@alpha.txt');
    expect(await readdir(path.join(folder, 'shop', 'hooks'))).toEqual(['run_.._.._x_.._step@alpha.txt']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
