import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createProgram } from '../../../cli/program';
import { plainStyle } from '../../../cli/terminal/style';
import { wrongEnds } from '../../../core/model/fault-trial';
import { failureCodes } from '../../../core/model/failure-codes';
import { leafCommands } from './leaf-commands';
import { runCommand } from './run-command';

const program = createProgram({
  exitCode: 0,
  terminal: {
    out: () => undefined,
    note: () => undefined,
    interactive: false,
    style: plainStyle,
    size: () => ({ columns: 100, rows: 40 }),
    env: {},
  },
});
const commands = program.commands.map((command) => command.name());
const deeds = leafCommands(program).map(({ words }) => words.join(' '));

test('every command of the product is there', () => {
  expect(commands).toEqual([
    ...[
      'init',
      'validate',
      'test',
      'plan',
      'paper',
      'windows',
      'run',
      'watch',
      'wait',
      'status',
      'readiness',
      'sites',
      'points',
      'stage',
      'schedule',
    ],
    ...['approve', 'reject', 'withdraw', 'delegate', 'done', 'failed', 'attest', 'key'],
    ...['pause', 'resume', 'retry', 'rollback', 'abort', 'skip', 'mark-done', 'choose-point'],
    ...['report', 'evidence', 'history', 'diff', 'state', 'compliance', 'doctor', 'explain', 'worker', 'dev', 'demo'],
  ]);
});

test('a schedule can be applied, listed, paused, resumed, triggered and removed', () => {
  expect(deeds.filter((words) => words.startsWith('schedule '))).toEqual(
    ['apply', 'list', 'pause', 'resume', 'trigger', 'remove'].map((deed) => `schedule ${deed}`),
  );
});

test.each([...commands, ...deeds])(
  'the help of %s has an example, and asking for it is no mistake',
  async (command) => {
    const { code, out } = await runCommand([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Example:\\n  \\$ .*switchback ${command}`));
  },
);

test.each(deeds)('%s takes --json', async (command) => {
  expect((await runCommand([...command.split(' '), '--help'])).out).toContain('--json');
});

test('without a command the help is shown', async () => {
  const { code, out } = await runCommand([]);
  expect(code).toBe(0);
  expect(out).toContain('Usage: switchback');
});

test.each([
  ['an unknown command', ['stauts'], "unknown command 'stauts'\n(Did you mean status?)"],
  ['an unknown option', ['status', '--jason'], "unknown option '--jason'\n(Did you mean --json?)"],
  ['a missing argument', ['watch'], "missing required argument 'run'"],
  ['an argument too many', ['watch', 'a', 'b'], 'too many arguments'],
  ['a runbook of nothing', ['init'], "required option '--from-namespace <namespace>' not specified"],
  ['a missing option', ['plan', 'shop'], "required option '--operation <operation>' not specified"],
  ['an operation that there is not', ['run', 'fallback', 'shop'], 'Allowed choices are failover, reprotect, failback'],
  ['a window without its gate', ['run', 'failback', 'shop', '--window', '22:00'], 'write it as maintenance=2026'],
  ['a length that is none', ['run', 'failback', 'shop', '--window', 'n=/2x'], '"2x" is not a length of time'],
  ['nothing that can be waited for', ['wait', 'shop', '--for', 'godot'], 'Write gate=NAME, gate, question or verdict'],
  ['--wait and --watch at once', ['run', 'failback', 'shop', '--wait', '--watch'], 'cannot be used with option'],
  ['a hash that is none', ['approve', 'shop', '--plan', 'latest'], '"latest" is not the hash of a plan'],
  ['a pause without a reason', ['schedule', 'pause', 'x'], "required option '--reason <text>' not specified"],
  ['a deed that there is not', ['schedule', 'aply', 'shop'], "unknown command 'aply'\n(Did you mean apply?)"],
  ['no runbook to apply', ['schedule', 'apply'], "missing required argument 'runbooks'"],
  ['no reason where one is needed', ['skip', 'shop'], "required option '--reason <text>' not specified"],
  ['an unknown error code', ['explain', 'GrupBusy'], 'did you mean "GroupBusy"?'],
  ['an operation that cannot be tested', ['test', 'a.yaml', '--operation', 'fail'], 'Allowed choices are failover'],
  ['a runbook that is no file', ['test', 'shop'], '"shop" is no file, no folder and no pattern of files'],
  ['a file that is not there', ['validate', 'nowhere.yaml'], 'nowhere.yaml cannot be read'],
  [
    'a word that sites does not know',
    ['sites', 'shop', 'tset', '--address', '127.0.0.1:9'],
    '"tset" is not understood',
  ],
])('%s ends with 3 and says what would be right', async (_title, args, says) => {
  const { code, out, notes } = await runCommand(args);
  expect(code).toBe(3);
  expect(notes).toContain(says);
  expect(out).toBe('');
});

test('a failure with --json is a document on stdout, and words on stderr', async () => {
  const { code, out, notes } = await runCommand(['explain', 'Nonsense', '--json']);
  expect(code).toBe(3);
  expect(JSON.parse(out)).toEqual({
    error: { code: 'InvalidInput', message: expect.stringContaining('"Nonsense"'), fix: failureCodes.InvalidInput.fix },
  });
  expect(notes).toContain('InvalidInput: There is no error code "Nonsense"');
});

test('explain tells of one code, of a failure or of a test, whatever its case, or of all', async () => {
  const { out } = await runCommand(['explain', 'fenceunconfirmed']);
  expect(out).toContain(`FenceUnconfirmed\n  ${failureCodes.FenceUnconfirmed.meaning}`);
  expect((await runCommand(['explain', 'NotUndone'])).out).toContain(`NotUndone\n  ${wrongEnds.NotUndone.meaning}`);
  const all = JSON.parse((await runCommand(['explain', '--json'])).out) as unknown[];
  expect(all).toHaveLength(Object.keys({ ...failureCodes, ...wrongEnds }).length);
});

test('user-given words in a message come without their control characters', async () => {
  expect((await runCommand(['explain', 'a\u001b[31mb'])).notes).not.toContain('\u001b');
});

describe('validate', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-validate-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const invalid = (): string => {
    const file = path.join(folder, 'bad.yaml');
    writeFileSync(file, 'switchback: 1\ngroup: shop\nsites: 4\n');
    return file;
  };

  test('a good runbook ends with 0', async () => {
    const { code, out } = await runCommand(['validate', path.join(__dirname, '../../../runbooks/shop.yaml')]);
    expect({ code, out }).toEqual({ code: 0, out: '1 runbook, nothing to complain about' });
  });

  test('a bad one ends with 3 and its diagnostics with file, line and column', async () => {
    const { code, out } = await runCommand(['validate', invalid()]);
    expect(code).toBe(3);
    expect(out).toMatch(/bad\.yaml:3:8 \w+: /);
    expect(out).toMatch(/1 runbook: \d+ errors, 0 warnings$/);
  });

  test('with --json the diagnostics are one document', async () => {
    const { code, out } = await runCommand(['validate', invalid(), '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      diagnostics: expect.arrayContaining([expect.objectContaining({ line: 3 })]),
    });
  });
});
