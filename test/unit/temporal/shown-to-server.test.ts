import { blankSecrets } from '../../../core/model/credentials';
import { shownToServer } from '../../../temporal/shown-to-server';

test.each([
  ['an API key', { apiKey: 'of-the-profile' }, 'who is of-the-profile?', 'who is ***?'],
  ['a token in the metadata', { metadata: { authorization: 'Bearer abcd-efgh' } }, 'who is abcd-efgh?', 'who is ***?'],
  ['a header with a telling name', { metadata: { 'x-gateway-key': 'abcd' } }, 'who is abcd?', 'who is ***?'],
  ['any other header', { metadata: { 'temporal-namespace': 'shop.a1' } }, 'no shop.a1', 'no shop.a1'],
  ['what is no text', { apiKey: () => 'key', metadata: { 'token-bin': Buffer.from('key') } }, 'a key', 'a key'],
])('of what a server repeats: %s', (_what, options, said, told) => {
  expect(blankSecrets(said, shownToServer(options))).toBe(told);
});
