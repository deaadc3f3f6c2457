/** Places around each durable step, where the tests kill or suspend a worker. */
export const replicationFailpoints = [
  'replication:staging-made',
  'replication:file-staged',
  'replication:before-commit',
  'replication:committed',
  'replication:operation-applied',
  'replication:operations-applied',
  'replication:gate-closed',
  'replication:index-published',
  'replication:record-published',
  'replication:journal-removed',
  'replication:point-reserved',
  'replication:point-built',
  'replication:point-published',
] as const;

export type ReplicationFailpoint = (typeof replicationFailpoints)[number];

const hits = new Map<ReplicationFailpoint, number>();

/**
 * Only tests set SWITCHBACK_FAILPOINT. "<name>" ends this process there as `kill -9` would, "<name>#3" the third time it
 * comes by; "<name>/stop" or "<name>#3/stop" suspends it instead, so that it can be continued later as a zombie.
 */
export function failpoint(name: ReplicationFailpoint): void {
  const wanted = process.env['SWITCHBACK_FAILPOINT'];
  if (wanted === undefined || !wanted.startsWith(name)) return;
  const hit = (hits.get(name) ?? 0) + 1;
  hits.set(name, hit);
  const stop = wanted.endsWith('/stop');
  const place = stop ? wanted.slice(0, -'/stop'.length) : wanted;
  const [wantedName, number = '1'] = place.split('#');
  if (wantedName === name && Number(number) === hit) process.kill(process.pid, stop ? 'SIGSTOP' : 'SIGKILL');
}
