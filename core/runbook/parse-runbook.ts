import type { Runbook } from '../model/runbook';
import type { ScheduleSpec } from '../model/schedule';
import type { Diagnostic, Problem } from './diagnostic';
import { diagnosticCodes } from './diagnostic-codes';
import { Part } from './part';
import { rules } from './rules/rules';
import { scheduleOf } from './schedule';
import { runbookSchema } from './schema';
import { schemaProblems } from './schema-problems';
import { toRunbook } from './to-runbook';
import type { Fault } from './yaml/fault';
import { limits } from './yaml/limits';
import { readYaml, type YamlSource } from './yaml/read-yaml';

export type ParsedRunbook =
  | {
      readonly ok: true;
      readonly runbook: Runbook;
      readonly schedules: readonly ScheduleSpec[];
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Parses the text of a runbook. Finds everything that is wrong with it at once, ordered by position: faults of the YAML
 * (alone, since nothing after them can be trusted), or else those of structure, schema and references together.
 * Never throws. `file` is only the name that diagnostics carry.
 */
export function parseRunbook(text: string, file: string): ParsedRunbook {
  const source = readYaml(text);
  const parsed = source.data === undefined ? undefined : runbookSchema.safeParse(source.data);
  const diagnostics = collect(faultsOf(source, parsed?.error?.issues ?? []), source, file);
  if (parsed?.success !== true || diagnostics.some(({ severity }) => severity === 'error'))
    return { ok: false, diagnostics };
  const { data } = parsed;
  return { ok: true, runbook: toRunbook(data), schedules: data.schedules.map(scheduleOf), warnings: diagnostics };
}

type Issues = Parameters<typeof schemaProblems>[0];

function* faultsOf(source: YamlSource, issues: Issues): Iterable<Fault> {
  yield* source.faults;
  const { data } = source;
  if (data === undefined) return;
  // What stands at a broken alias or tag is no value at all: nothing more can be said of it.
  const broken = new Set(source.faults.map(({ offset }) => offset));
  for (const problem of problemsIn(data, issues)) {
    const fault = faultOf(problem, source);
    if (!broken.has(fault.offset)) yield fault;
  }
}

function* problemsIn(data: unknown, issues: Issues): Iterable<Problem> {
  yield* schemaProblems(issues, { schema: runbookSchema, data });
  const runbook = new Part(data);
  for (const rule of rules) yield* rule(runbook);
}

function faultOf({ path, at = 'value', code, message, first }: Problem, source: YamlSource): Fault {
  const offset = source.offsetOf(path, at);
  return { offset, code, message, ...(first === undefined ? {} : { first: source.offsetOf(first, 'value') }) };
}

/** Places the faults in the file; the same fault at the same place counts once (an anchor is reached by each of its aliases). */
function collect(faults: Iterable<Fault>, source: YamlSource, file: string): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const { offset, code, message, first } of faults) {
    if (found.size >= limits.diagnostics) {
      const last = {
        code: 'TooManyDiagnostics',
        message: 'there are more; these are the first',
        severity: 'error',
      } as const;
      return [...ordered(found), { file, ...source.position(Infinity), ...last }];
    }
    const { severity } = diagnosticCodes[code];
    const where = first === undefined ? '' : ` (first in line ${source.position(first).line})`;
    const diagnostic: Diagnostic = { file, ...source.position(offset), code, message: message + where, severity };
    found.set(`${offset} ${code} ${diagnostic.message}`, diagnostic);
  }
  return ordered(found);
}

const ordered = (found: ReadonlyMap<string, Diagnostic>): Diagnostic[] =>
  [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
