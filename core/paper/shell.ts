/** A word of a shell that is what it says, whatever is in it. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A name as a shell variable has it: "order-log" is ORDER_LOG. */
export const variable = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

/** A document that a command reads; `$NAME` in it is filled in by the shell. */
export const fed = (command: string, document: string): string => `${command} <<EOF\n${document}\nEOF`;

/**
 * Prints how many lines the commands print: "left: 0". When one of them fails it prints nothing: what nobody could see proves
 * nothing, and a pipe into `wc -l` would say 0.
 */
export const countLeft = (commands: readonly string[]): string =>
  [
    'LEFT=$(',
    'set -eo pipefail',
    ...commands,
    ')',
    `[ $? = 0 ] && echo "left: $(printf '%s' "$LEFT" | grep -c .)"`,
  ].join('\n');

export const NOTHING_LEFT = 'left: 0';

/** JSON in which the shell fills in `$NAME` and `${NAME}`: nothing else of it may be an expansion. */
export const shellJson = (value: unknown): string => unquoteNumbers(JSON.stringify(value));

/** A number that the shell fills in has no quotes in JSON: {"epoch": number('$TO')} is {"epoch":$TO}. */
export const number = (expansion: string): string => `${MARK}${expansion}${MARK}`;

const MARK = '\u0001';
const unquoteNumbers = (json: string): string =>
  json.replaceAll(/"\\u0001(.*?)\\u0001"/g, (_, expansion: string) => JSON.parse(`"${expansion}"`) as string);
