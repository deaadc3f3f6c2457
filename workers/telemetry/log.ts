import { DefaultLogger, type Logger, type LogEntry } from '@temporalio/worker';
import { logFields } from './log-fields';

/** The log of a worker: its own lines, those of the SDK and those of workflows and activities, all in one form. */
export interface WorkerLog {
  readonly logger: Logger;
  /** One line about the worker itself. */
  readonly say: (line: string) => void;
}

interface LogOptions {
  readonly form: 'json' | 'text';
  /** Gives a text without secrets. */
  readonly mask: (text: string) => string;
  /** Takes a line without its end. */
  readonly write: (line: string) => void;
}

/** As text only what went wrong, for people who look at a terminal; as JSON every step as well, for machines that search. */
export function createLog({ form, mask, write }: LogOptions): WorkerLog {
  if (form === 'text') {
    const line = (text: string): void => write(`${new Date().toISOString()} ${mask(text)}`);
    const asText = ({ level, message, meta }: LogEntry): void => line(`${level} ${message} ${describe(meta)}`);
    return { logger: new DefaultLogger('WARN', asText), say: line };
  }
  const asJson = ({ level, message, meta, timestampNanos }: LogEntry): void => {
    const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
    write(JSON.stringify({ time, level: level.toLowerCase(), message: mask(message), ...logFields(meta ?? {}, mask) }));
  };
  const logger = new DefaultLogger('INFO', asJson);
  return { logger, say: (message) => logger.info(message) };
}

const describe = (meta: unknown): string => {
  const { error, ...rest } = (meta ?? {}) as { error?: unknown };
  const text = JSON.stringify(rest);
  return error instanceof Error ? `${text} ${error.stack ?? error.message}` : text;
};
