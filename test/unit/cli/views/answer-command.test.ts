import { answerCommand, messageCommands, shellQuoted } from '../../../../cli/views/answer-command';
import { messages } from '../../../../workflows/messages';

const run = 'failback/shop/20261121-100000';

test.each([
  ['decide', { gate: 'cutover', by: 'you@example.com', decision: 'approve' }, `approve ${run} --gate cutover`],
  [
    'decide',
    { gate: 'declare-lost/b c', by: 'x', decision: 'decline' },
    `reject ${run} --gate 'declare-lost/b c' --by x`,
  ],
  ['retry', { by: 'you@example.com', step: 'a/b@c' }, `retry ${run} --step a/b@c`],
  ['markDone', { by: 'you@example.com', step: 'a', reason: 'by hand' }, `mark-done ${run} --step a --reason 'by hand'`],
  ['rollback', { by: 'you@example.com' }, `rollback ${run}`],
])('%s %j is sent by: switchback %s', (message, payload, command) => {
  expect(answerCommand(run, { message, payload })).toBe(`switchback ${command}`);
});

test('every message but decide has a command of its own', () => {
  expect(Object.keys(messageCommands).sort()).toEqual(
    Object.keys(messages)
      .filter((name) => name !== 'decide')
      .sort(),
  );
});

test.each([
  ['plain-word/1', 'plain-word/1'],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['$(rm -rf x)', "'$(rm -rf x)'"],
  ['', "''"],
])('%j is one word for a shell', (word, quoted) => {
  expect(shellQuoted(word)).toBe(quoted);
});
