import type { z } from 'zod';
import { type DiagnosticCode, diagnosticCodes } from './diagnostic-codes';
import type { Path, Problem } from './diagnostic';
import { didYouMean } from './nearest-name';
import { Part } from './part';
import { quote, show } from './quote';
import { exampleOf, keysOf, schemaAt } from './schema-at';

type Issue = z.core.$ZodIssue;

/** What was parsed, and by which schema. */
interface Parsed {
  readonly schema: z.core.$ZodType;
  readonly data: unknown;
}

/** Tells what zod found in the words of the runbook language. */
export function* schemaProblems(issues: readonly Issue[], parsed: Parsed): Iterable<Problem> {
  for (const issue of issues) {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') yield* unknownKeys(path, issue.keys, parsed);
    else if (issue.code === 'invalid_key') yield { path, at: 'key', ...worded(issue.issues[0]?.message ?? '') };
    else yield problemOf(issue, path, parsed);
  }
}

function* unknownKeys(path: Path, keys: readonly string[], { schema, data }: Parsed): Iterable<Problem> {
  const known = keysOf(schemaAt(schema, path, data));
  const present = new Set(at(data, path).keys);
  const free = known.filter((key) => !present.has(key));
  for (const key of keys) {
    const message = `the key ${quote(key)} is not known here${didYouMean(key, free)}`;
    yield { path: [...path, key], at: 'key', code: 'UnknownKey', message };
  }
}

function problemOf(issue: Issue, path: Path, { schema, data }: Parsed): Problem {
  const { value } = at(data, path);
  const example = exampleOf(schemaAt(schema, path, data));
  if (value === undefined) {
    const message = `the key ${quote(String(path.at(-1) ?? ''))} is missing${example === undefined ? '' : `; for example ${example}`}`;
    return { path, code: 'MissingKey', message };
  }
  if (issue.code === 'invalid_type')
    return { path, code: 'WrongType', message: wrongType(issue.expected, value, example) };
  const possible = possibleValues(issue);
  if (possible !== undefined) {
    const near =
      typeof value === 'string' ? didYouMean(value, possible) : `; possible: ${possible.map(quote).join(', ')}`;
    return { path, code: 'UnknownValue', message: `${show(value)} is not possible here${near}` };
  }
  if (issue.code === 'too_small')
    return {
      path,
      code: 'OutOfRange',
      message: `${amount(value, issue.origin)} is too small; at least ${issue.minimum}`,
    };
  if (issue.code === 'too_big')
    return {
      path,
      code: 'OutOfRange',
      message: `${amount(value, issue.origin)} is too large; at most ${issue.maximum}`,
    };
  return { path, ...worded(issue.message) };
}

/** Values of an enumeration, or the variants of a union when none of them was chosen. */
function possibleValues(issue: Issue): readonly string[] | undefined {
  if (issue.code === 'invalid_value' && issue.values.length > 1) return issue.values.map(String);
  if (issue.code !== 'invalid_union') return undefined;
  const { options } = issue as { readonly options?: readonly unknown[] };
  return options?.map(String);
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

function wrongType(expected: string, value: unknown, example: string | undefined): string {
  const hint = remedy(expected, value) ?? (example === undefined ? '' : `; for example ${example}`);
  return `${typeNames[expected] ?? expected} is needed here, not ${show(value)}${hint}`;
}

function remedy(expected: string, value: unknown): string | undefined {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (expected === 'string' && typeof value !== 'string' && isScalar)
    return `; if ${value} is meant, put it in quotes: "${value}"`;
  if (expected === 'array' && isScalar) return `; write [${show(value)}]`;
  return undefined;
}

function amount(value: unknown, origin: string): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return origin === 'string' && typeof value === 'string' ? `a text of ${value.length} characters` : show(value);
}

/** Splits "Code: message", as schema/scalars.ts writes it. */
function worded(text: string): { readonly code: DiagnosticCode; readonly message: string } {
  const end = text.indexOf(': ');
  const code = text.slice(0, end);
  return isDiagnosticCode(code) ? { code, message: text.slice(end + 2) } : { code: 'InvalidText', message: text };
}

const isDiagnosticCode = (code: string): code is DiagnosticCode => Object.hasOwn(diagnosticCodes, code);

const at = (data: unknown, path: Path): Part => path.reduce<Part>((part, key) => part.at(key), new Part(data));
