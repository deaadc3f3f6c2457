import { recordable } from '../../../activities/recordable';
import { asFailure } from '../../../activities/run-activity';
import { SwitchbackFailure } from '../../../core/model/failure';

beforeAll(() => void (process.env['TEST_RECORDABLE_TOKEN'] = 'orders-2026'));
afterAll(() => void delete process.env['TEST_RECORDABLE_TOKEN']);

test('sentences are told without secrets that are known, and nothing is told that looks like one', () => {
  const said = {
    summary: 'found orders-2026',
    facts: { checks: [{ saw: 'got orders-2026' }], other: 'password=hunter2' },
  };
  expect(recordable(said)).toEqual({
    summary: 'found ***',
    facts: { checks: [{ saw: 'got ***' }], other: 'password=***' },
  });
});

test('a name that is the value of some variable stays: the next step needs it', () => {
  const facts = { volume: { volume: 'orders-2026', epoch: 3 }, values: ['orders-2026'], none: null };
  expect(recordable(facts)).toEqual(facts);
});

test('a failure says neither, in its message and in its details', () => {
  const error = new SwitchbackFailure('StartFailed', 'it said orders-2026, token: abcdefgh', { saw: 'orders-2026' });
  expect(asFailure(error, { attempt: 1, attempts: 1 })).toMatchObject({
    message: 'it said ***, token: ***',
    details: [{ attempt: 1, saw: '***' }],
  });
  expect(JSON.stringify(asFailure(error, { attempt: 1, attempts: 1 }))).not.toContain('orders-2026');
});
