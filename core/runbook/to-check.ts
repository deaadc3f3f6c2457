import type { CheckSpec, JsonExpectation, Probe } from '../model/check';
import { defaultSuccesses } from './check-defaults';
import { acceptedMs, acceptedSeconds } from './duration';
import { present } from './present';
import type { WrittenRunbook } from './schema';

type WrittenCheck = WrittenRunbook['integrity'][number];
type WrittenHttp = NonNullable<WrittenCheck['http']>;

const timeoutMs = 2_000;
/** Whoever gives an answer more time has written a timeout. */
const maxLatencyMs = 1_000;

/** @param workloadPort where the check belongs to a workload that has one */
export function checkOf(check: WrittenCheck, workloadPort?: number): CheckSpec {
  const intervalMs = acceptedMs(check.interval);
  const withinMs = acceptedMs(check.within);
  return {
    name: check.name,
    probe: probeOf(check, workloadPort),
    timeoutMs: check.timeout === undefined ? timeoutMs : acceptedMs(check.timeout),
    intervalMs,
    successes: check.successes ?? defaultSuccesses(intervalMs, withinMs),
    ...(check.steady !== undefined && { steadyMs: acceptedMs(check.steady) }),
    withinSeconds: acceptedSeconds(check.within),
  };
}

function probeOf(check: WrittenCheck, workloadPort?: number): Probe {
  const { http, tcp, dns, command, checksum, sql } = check;
  if (http !== undefined) return httpProbeOf(http, check.timeout, portOf(http.port, workloadPort));
  if (tcp !== undefined)
    return { kind: 'tcp', port: portOf(tcp.port, workloadPort), ...present({ banner: tcp.banner }) };
  if (dns !== undefined) {
    const { server, ...rest } = dns;
    return { kind: 'dns', ...rest, ...present({ server }) };
  }
  if (command !== undefined) return { kind: 'command', command };
  if (checksum !== undefined)
    return { kind: 'checksum', volume: checksum.volume, ...present({ manifest: checksum.manifest }) };
  if (sql === undefined) throw new RangeError('a check without a probe was accepted');
  const { passwordFrom, ...rest } = sql;
  return { kind: 'sql', ...rest, ...present({ passwordFrom }) };
}

function httpProbeOf(http: WrittenHttp, timeout: string | undefined, port: number): Probe {
  const { path, host, status, bodyContains, headers, maxLatency, json, accept } = http;
  const byDefault = timeout === undefined ? maxLatencyMs : undefined;
  return {
    kind: 'http',
    port,
    path,
    status,
    ...present({ host, bodyContains, headers, accept }),
    ...(json && { json: json.map(expectationOf) }),
    ...present({ maxLatencyMs: maxLatency === undefined ? byDefault : acceptedMs(maxLatency) }),
  };
}

function expectationOf({ at, equals, atLeast }: NonNullable<WrittenHttp['json']>[number]): JsonExpectation {
  if (equals !== undefined) return { at, equals };
  if (atLeast === undefined) throw new RangeError('an expectation of nothing was accepted');
  return { at, atLeast };
}

function portOf(own: number | undefined, workloadPort: number | undefined): number {
  const port = own ?? workloadPort;
  if (port === undefined) throw new RangeError('a check without a port was accepted');
  return port;
}
