import type { Terminal } from '../terminal/terminal';
import type { RunSink } from './follow-run';
import { liveSink } from './live-sink';
import { jsonSink, logSink } from './sinks';

/** The live tree for a person at a terminal, a log where there is none, JSON lines for programs. */
export async function watchSink(terminal: Terminal, json: boolean): Promise<RunSink> {
  if (json) return jsonSink(terminal);
  if (!terminal.interactive || terminal.env['TERM'] === 'dumb') return logSink(terminal);
  const { default: logUpdate } = await import('log-update');
  return liveSink(terminal, logUpdate);
}
