import { readProcessTable, type ProcessRow } from './process-table';

/**
 * Signals a process, and with it its group when it leads one. Looks once more whether it is still that process: its pid may
 * have gone to a stranger. Returns false when it is gone.
 */
export function signalProcess(row: ProcessRow, signal: NodeJS.Signals): boolean {
  const now = readProcessTable().find(row.pid);
  if (now?.startTime !== row.startTime) return false;
  try {
    process.kill(now.processGroup === now.pid ? -now.pid : now.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
