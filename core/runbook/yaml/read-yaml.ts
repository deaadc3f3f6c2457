import { Composer, type CST, type Document, type ErrorCode, type ParsedNode, type YAMLParseError } from 'yaml';
import type { Path } from '../diagnostic';
import { forbiddenCharacters } from '../forbidden-characters';
import { codePoint } from '../quote';
import type { Fault } from './fault';
import { limits } from './limits';
import { pathOffset } from './path-offset';
import { plainData } from './plain-data';
import { type TextPosition, positionsIn } from './text-position';
import { tokenize } from './tokenize';

export interface YamlSource {
  /** The document as plain data; absent when the text is no YAML or goes beyond the limits. */
  readonly data?: unknown;
  readonly faults: readonly Fault[];
  /** Offset of the value at a path (or of its key); of what is around it, when nothing is there. */
  readonly offsetOf: (path: Path, at: 'key' | 'value') => number;
  readonly position: (offset: number) => TextPosition;
}

/** Reads one YAML 1.2 document without tags, directives and merge keys. Never throws, whatever the text. */
export function readYaml(source: string): YamlSource {
  // Editors do not count a byte order mark as a column.
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const position = positionsIn(text);
  const failed = (faults: readonly Fault[]): YamlSource => ({ faults, offsetOf: () => 0, position });

  const unreadable = textFaults(text);
  if (unreadable.length > 0) return failed(unreadable);
  const { tokens, faults } = tokenize(text);
  if (faults.length > 0) return failed(faults);
  const document = compose(tokens, text.length);
  if (document === undefined) return failed([emptyRunbook]);
  if (document.errors.length > 0) return failed(syntaxFaults(document.errors));
  const plain = plainData(document.contents);
  if (plain.data === undefined) return failed(plain.faults);
  if (plain.data === null) return failed([emptyRunbook]);
  const offsetOf: YamlSource['offsetOf'] = (path, at) => pathOffset(document.contents, path, { at, plain });
  return { data: plain.data, faults: plain.faults, offsetOf, position };
}

const emptyRunbook: Fault = { offset: 0, code: 'EmptyRunbook', message: 'there is no runbook in this file' };

/** A file in a wrong encoding is full of them: a few show what is wrong. */
const MOST_FORBIDDEN = 3;

function textFaults(text: string): Fault[] {
  // UTF-8 never needs fewer bytes than UTF-16 has codes: what is too long need not be measured.
  const bytes = text.length > limits.bytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes > limits.bytes) {
    const message = `the file is larger than ${limits.bytes / 1024} KiB`;
    return [{ offset: 0, code: 'RunbookTooLarge', message }];
  }
  return forbiddenCharacters(text, MOST_FORBIDDEN).map((offset) => ({
    offset,
    code: 'ForbiddenCharacter',
    message: `the character ${codePoint(text.charCodeAt(offset))} may not be in a runbook`,
  }));
}

type ParsedDocument = Document.Parsed<ParsedNode>;

function compose(tokens: readonly CST.Token[], end: number): ParsedDocument | undefined {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    stringKeys: true,
    // The library compares each key of a map with all others; plain-data.ts finds duplicates in linear time.
    uniqueKeys: false,
    prettyErrors: false,
  });
  return withoutStackTraces(() => [...composer.compose(tokens, true, end)])[0];
}

/** The library makes an error object of each fault; 50,000 of them take 0.2 s with stack traces and 0.05 s without. */
function withoutStackTraces<T>(work: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = before;
  }
}

/** What the library says of its own settings, in words of the file. */
const reworded: Partial<Record<ErrorCode, string>> = { NON_STRING_KEY: 'a key must be text, not a list or a map' };

function syntaxFaults(errors: readonly YAMLParseError[]): Fault[] {
  // A tab shifts the columns of all that follows, and every other error is likely to come from that.
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  const shown = tabs.length > 0 ? tabs : errors;
  return shown.map(({ pos, code, message }) => ({
    offset: pos[0],
    code: 'InvalidYaml',
    message: reworded[code] ?? message,
  }));
}
