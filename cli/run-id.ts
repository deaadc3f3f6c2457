import type { Operation } from '../core/model/operation';

/** "failback/shop/20261121-101500", in UTC: sorts by time, and tells what it is in any list of workflows. */
export function newRunId(operation: Operation, runbook: string, now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `${operation}/${runbook}/${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}
