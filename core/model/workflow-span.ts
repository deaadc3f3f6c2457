/** Header of Temporal in which a trace travels, as the interceptors of the SDK for OpenTelemetry write it. */
export const TRACE_HEADER = '_tracer-data';

/** A run of a workflow, as a trace shows it; the sandbox tells it when the run has ended. */
export interface WorkflowSpan {
  readonly name: string;
  /** "00-<trace>-<span>-<flags>" of whoever started it. */
  readonly parent: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** Why it failed; absent: it did not. */
  readonly error?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Parts of a `traceparent` of the W3C: hex digits. */
export interface TraceParent {
  readonly trace: string;
  readonly span: string;
  readonly flags: string;
}

/** Undefined of what is none. */
export function traceParent(text: unknown): TraceParent | undefined {
  const [, trace, span, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(String(text)) ?? [];
  return trace === undefined || span === undefined || flags === undefined ? undefined : { trace, span, flags };
}
