import type { z } from 'zod';
import type { Path, Problem } from './diagnostic';
import { type DiagnosticCode, diagnosticCodes } from './diagnostic-codes';
import { didYouMean, nearestName } from './nearest-name';
import { Part } from './part';
import { quote, show } from './quote';
import { exampleOf, keysOf, schemaAt } from './schema-at';
import { wrongAmount, wrongType } from './wrong-value';

type Issue = z.core.$ZodIssue;

/** What was parsed, and by which schema. */
interface Parsed {
  readonly schema: z.core.$ZodType;
  readonly data: unknown;
}

/** Tells what zod found in the words of the runbook language. */
export function* schemaProblems(issues: readonly Issue[], parsed: Parsed): Iterable<Problem> {
  const misspelt = new Set<string>();
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    for (const { problem, meant } of unknownKeys(issue.path as Path, issue.keys, parsed)) {
      misspelt.add([...issue.path, meant].join('.'));
      yield problem;
    }
  }
  for (const issue of issues) {
    // A key that is there under a wrong name is not missing as well.
    if (issue.code === 'unrecognized_keys' || misspelt.has(issue.path.join('.'))) continue;
    // zod's own bound of whole numbers; the bound of the schema is lower and reported too.
    if (issue.code === 'too_big' && issue.maximum === Number.MAX_SAFE_INTEGER) continue;
    yield problemOf(issue, parsed);
  }
}

interface UnknownKey {
  readonly problem: Problem;
  /** The key that was probably meant. */
  readonly meant: string | undefined;
}

function* unknownKeys(path: Path, keys: readonly string[], { schema, data }: Parsed): Iterable<UnknownKey> {
  const known = keysOf(schemaAt(schema, path, data));
  const present = new Set(partAt(data, path).keys);
  const free = known.filter((key) => !present.has(key));
  for (const key of keys) {
    const message = `the key ${quote(key)} is not known here${didYouMean(key, free)}`;
    yield { problem: { path: [...path, key], at: 'key', code: 'UnknownKey', message }, meant: nearestName(key, free) };
  }
}

function problemOf(issue: Issue, { schema, data }: Parsed): Problem {
  const path = issue.path as Path;
  const { value } = partAt(data, path);
  const possible = possibleValues(issue);
  const example = exampleOf(schemaAt(schema, path, data));
  if (issue.code === 'invalid_key') return { path, at: 'key', ...worded(issue.issues[0]?.message ?? '') };
  if (value === undefined) return missing(path, { possible, example });
  if (possible !== undefined) {
    const message = `${show(value)} is not possible here${didYouMean(typeof value === 'string' ? value : '', possible)}`;
    return { path, code: 'UnknownValue', message };
  }
  if (issue.code === 'invalid_type')
    return { path, code: 'WrongType', message: wrongType(issue.expected, value, example) };
  if (issue.code === 'too_small' || issue.code === 'too_big')
    return { path, code: 'OutOfRange', message: wrongAmount(issue, value) };
  return { path, ...worded(issue.message) };
}

interface Hints {
  readonly possible: readonly string[] | undefined;
  readonly example: string | undefined;
}

function missing(path: Path, { possible, example }: Hints): Problem {
  const hint = example === undefined ? didYouMean('', possible ?? []) : `; for example ${example}`;
  return { path, code: 'MissingKey', message: `the key ${quote(String(path.at(-1) ?? ''))} is missing${hint}` };
}

/** Values of an enumeration, or the variants of a union when none of them was chosen. */
function possibleValues(issue: Issue): readonly string[] | undefined {
  if (issue.code === 'invalid_value' && issue.values.length > 1) return issue.values.map(String);
  if (issue.code !== 'invalid_union') return undefined;
  const { options } = issue as { readonly options?: readonly unknown[] };
  return options?.map(String);
}

/** Splits "Code: message", as schema/scalars.ts writes it. */
function worded(text: string): { readonly code: DiagnosticCode; readonly message: string } {
  const end = text.indexOf(': ');
  const code = text.slice(0, end);
  return isDiagnosticCode(code) ? { code, message: text.slice(end + 2) } : { code: 'InvalidText', message: text };
}

const isDiagnosticCode = (code: string): code is DiagnosticCode => Object.hasOwn(diagnosticCodes, code);

const partAt = (data: unknown, path: Path): Part => path.reduce<Part>((part, key) => part.at(key), new Part(data));
