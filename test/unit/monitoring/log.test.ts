import { blankSecrets, maskCredentials } from '../../../core/model/credentials';
import { readSettings } from '../../../workers/settings';
import { createLog } from '../../../workers/telemetry/log';

const env = { DB_PASSWORD: 'correct-horse', HOME: '/home/ana' };
const mask = (text: string): string => maskCredentials(blankSecrets(text, env));

function logged(form: 'json' | 'text', write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog({ form, mask, write: (line) => lines.push(line) }));
  return lines.join('\n');
}

const fields = (write: (log: ReturnType<typeof createLog>) => void): Readonly<Record<string, unknown>> =>
  JSON.parse(logged('json', write)) as Readonly<Record<string, unknown>>;

test('names of a run are the same, whether a workflow, an activity or the SDK says them', () => {
  const workflow = { workflowId: 'failover/shop/1', runId: 'r1', workflowType: 'failover', taskQueue: 'switchback' };
  const activity = { workflowId: 'failover/shop/1', workflowRunId: 'r1', workflowType: 'failover', taskToken: 'abc' };
  const expected = { run: 'failover/shop/1', run_id: 'r1', workflow: 'failover' };
  expect(fields(({ logger }) => void logger.warn('x', workflow))).toMatchObject(expected);
  expect(fields(({ logger }) => void logger.warn('x', activity))).toMatchObject(expected);
  expect(fields(({ logger }) => void logger.warn('x', activity))).not.toHaveProperty('taskToken');
});

test('group and site are said where another name holds them, and not overruled', () => {
  const meta = { workflowId: 'protection/shop', taskQueue: 'switchback-site-alpha' };
  expect(fields(({ logger }) => void logger.info('x', meta))).toMatchObject({ group: 'shop', site: 'alpha' });
  expect(fields(({ logger }) => void logger.info('x', { ...meta, site: 'beta' }))).toMatchObject({ site: 'beta' });
});

test('an error is an object with its type, message and cause', () => {
  const error = new TypeError('no answer', { cause: new Error('ECONNREFUSED') });
  expect(fields(({ logger }) => void logger.error('x', { error }))).toMatchObject({
    level: 'error',
    error: { type: 'TypeError', message: 'no answer', cause: { type: 'Error', message: 'ECONNREFUSED' } },
  });
});

const secrets: readonly (readonly [string, string, (log: ReturnType<typeof createLog>) => void])[] = [
  [
    'a variable of the worker, in the message',
    'correct-horse',
    ({ logger }) => void logger.warn('login with correct-horse failed'),
  ],
  [
    'credentials in an address',
    'hunter22',
    ({ logger }) => void logger.warn('x', { url: 'postgres://ana:hunter22@db/shop' }),
  ],
  ['what is named as a secret', 'hunter22', ({ logger }) => void logger.warn('x', { clientSecret: 'hunter22' })],
  [
    'what is named so deep inside',
    'hunter22',
    ({ logger }) => void logger.warn('x', { at: [{ api_key: 'hunter22' }] }),
  ],
  [
    'the message of an error',
    'hunter22',
    ({ logger }) => void logger.warn('x', { error: new Error('password=hunter22') }),
  ],
  [
    'the cause of an error',
    'hunter22',
    ({ logger }) => void logger.warn('x', { error: new Error('x', { cause: new Error('token: hunter22') }) }),
  ],
  ['a line about the worker', 'hunter22', ({ say }) => say('Authorization: Bearer hunter22hunter22')],
];

describe.each(['json', 'text'] as const)('as %s', (form) => {
  test.each(secrets)('%s is masked', (_what, secret, write) => {
    const text = logged(form, write);
    expect(text).not.toBe('');
    expect(text).not.toContain(secret);
  });
});

test('as text only warnings are written, as JSON steps as well', () => {
  expect(logged('text', ({ logger }) => void logger.info('step done'))).toBe('');
  expect(logged('text', ({ logger }) => void logger.warn('step failed'))).toMatch(/^\S+Z WARN step failed/);
  expect(fields(({ logger }) => void logger.info('step done'))).toMatchObject({ level: 'info', message: 'step done' });
});

test.each([
  ['SWITCHBACK_LOG', 'yaml', 'SWITCHBACK_LOG is "yaml"; write json or text'],
  ['SWITCHBACK_METRICS', 'localhost:9464', 'SWITCHBACK_METRICS is "localhost:9464"; write the IP address and port'],
  ['SWITCHBACK_METRICS', '9464', 'SWITCHBACK_METRICS is "9464"; write the IP address and port'],
])('%s=%s is refused', (name, value, message) => {
  expect(() => readSettings({ [name]: value }, '/')).toThrow(message);
});

test.each(['127.0.0.1:9464', '0.0.0.0:80', '[::1]:9464'])('metrics at %s', (metrics) => {
  expect(readSettings({ SWITCHBACK_METRICS: metrics }, '/')).toMatchObject({ metrics });
});
