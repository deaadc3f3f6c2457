import { didYouMean, nearestName } from '../../../core/runbook/nearest-name';

test.each<[string, string[], string | undefined, string]>([
  ['pariss', ['london', 'paris'], 'paris', 'one letter too many'],
  ['legder', ['ledger', 'web'], 'ledger', 'two letters exchanged'],
  ['Ledger', ['ledger'], 'ledger', 'capitals'],
  ['ap', ['api', 'app-server'], 'api', 'the nearer of two'],
  ['password', ['port', 'passwordFrom'], 'passwordFrom', 'the beginning of a longer name'],
  ['xyz', ['ledger', 'web'], undefined, 'nothing near'],
  ['', ['a'], undefined, 'nothing at all'],
  ['x'.repeat(100_000), ['x'.repeat(100_001)], undefined, 'too long to compare'],
])('%.20s among %j is %s: %s', (name, candidates, nearest) => {
  expect(nearestName(name, candidates)).toBe(nearest);
});

test('the end of the message names the nearest, or else what there is', () => {
  expect(didYouMean('pariss', ['paris'])).toBe('; did you mean "paris"?');
  expect(didYouMean('rome', ['paris', 'london'])).toBe('; possible: "paris", "london"');
  expect(didYouMean('rome', [])).toBe('');
});
