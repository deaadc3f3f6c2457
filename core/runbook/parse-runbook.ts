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

/**
 * Places the faults in the file; the same fault at the same place counts once (an anchor is reached by each of its aliases). When
 * there are too many, errors are shown before warnings: a large runbook with many warnings is still a valid one.
 */
function collect(faults: Iterable<Fault>, source: YamlSource, file: string): Diagnostic[] {
  const found = { error: new Map<string, Diagnostic>(), warning: new Map<string, Diagnostic>() };
  for (const { offset, code, message, first } of faults) {
    const { severity } = diagnosticCodes[code];
    // One more than is shown tells that there are more.
    if (found[severity].size > limits.diagnostics) {
      if (severity === 'error') break;
      continue;
    }
    const where = first === undefined ? '' : ` (first in line ${source.position(first).line})`;
    const diagnostic: Diagnostic = { file, ...source.position(offset), code, message: message + where, severity };
    found[severity].set(`${offset} ${code} ${diagnostic.message}`, diagnostic);
  }
  const all = [...found.error.values(), ...found.warning.values()];
  const shown = ordered(all.slice(0, limits.diagnostics));
  if (all.length === shown.length) return shown;
  const severity = found.error.size > limits.diagnostics ? 'error' : 'warning';
  const message = 'there are more; these are the first';
  return [...shown, { file, ...source.position(Infinity), code: 'TooManyDiagnostics', message, severity }];
}

const ordered = (found: readonly Diagnostic[]): Diagnostic[] =>
  [...found].sort((a, b) => a.line - b.line || a.column - b.column);
