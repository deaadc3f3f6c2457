import { type CST, Lexer, Parser } from 'yaml';
import type { Fault } from './fault';
import { limits } from './limits';

export interface Tokens {
  readonly tokens: readonly CST.Token[];
  readonly faults: readonly Fault[];
}

/**
 * Splits text into the tokens of one document. Ends early when a limit is passed, or with more faults than are shown: the
 * composer that comes after recurses into what is nested, and makes an error object of each token out of place.
 */
export function tokenize(text: string): Tokens {
  const tokens: CST.Token[] = [];
  const faults: Fault[] = [];
  let lexemes = 0;
  for (const { token, depth, offset } of parse(text)) {
    lexemes += 1;
    const fault = token === undefined ? undefined : faultOf(token, tokens);
    if (fault !== undefined) faults.push(fault);
    else if (token !== undefined) tokens.push(token);
    if (depth > limits.depth) return { tokens, faults: [tooDeep(offset)] };
    if (lexemes > limits.lexemes) return { tokens, faults: [tooLarge] };
    if (faults.length > limits.diagnostics) break;
  }
  return { tokens, faults };
}

/** One entry a lexeme, and one more for each token that it completed. */
function* parse(text: string): Generator<{ token?: CST.Token; depth: number; offset: number }> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    const { offset } = parser;
    for (const token of parser.next(lexeme)) yield { token, depth: parser.stack.length, offset };
    yield { depth: parser.stack.length, offset };
  }
  for (const token of parser.end()) yield { token, depth: 0, offset: parser.offset };
}

function faultOf(token: CST.Token, before: readonly CST.Token[]): Fault | undefined {
  if (token.type === 'error') return { offset: token.offset, code: 'InvalidYaml', message: token.message };
  if (token.type === 'directive') {
    return { offset: token.offset, code: 'DirectiveNotAllowed', message: 'YAML directives are not part of a runbook' };
  }
  if (token.type === 'document' && before.some(({ type }) => type === 'document')) {
    return { offset: token.offset, code: 'MultipleDocuments', message: 'a second YAML document begins here' };
  }
  return undefined;
}

const tooDeep = (offset: number): Fault => ({
  offset,
  code: 'TooDeep',
  message: `lists and maps are nested more than ${limits.depth} levels deep`,
});

const tooLarge: Fault = {
  offset: 0,
  code: 'RunbookTooLarge',
  message: `the file has more than ${limits.lexemes} pieces of YAML`,
};
