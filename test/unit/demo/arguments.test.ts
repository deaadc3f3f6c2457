import { parseArguments } from '../../../demo/arguments';

test('without arguments: the default home, live where possible', () => {
  expect(parseArguments([])).toEqual({ plain: false, json: false, help: false, positionals: [] });
});

test('the home is taken as it is given', () => {
  expect(parseArguments(['--home', 'x', '--plain'])).toMatchObject({ home: 'x', plain: true });
});

test.each([
  ['an unknown option', ['--fast'], '--fast'],
  ['a word where none is expected', ['now'], '"now"'],
  ['an option without its value', ['--home'], '--home'],
])('%s is refused and named', (_, args, named) => {
  expect(() => parseArguments(args)).toThrow(named);
});
