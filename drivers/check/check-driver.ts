import type { CheckObservation, CheckSpec, Probe } from '../../core/model/check';
import { SwitchbackFailure } from '../../core/model/failure';
import { declareSecrets } from '../declared-secrets';
import type { CallContext, CheckDriver, CheckTarget } from '../ports';
import { allowedAddress } from './allowed-address';
import { probeChecksum } from './checksum-probe';
import { probeCommand } from './command-probe';
import { probeDns } from './dns-probe';
import { probeHttp } from './http-probe';
import type { Answer, CheckDriverOptions, ProbeRequest, ProbeRunner } from './probe-request';
import { probeSql } from './sql-probe';
import { probeTcp } from './tcp-probe';
import { withoutSecrets } from './without-secrets';
import { LONGEST_TIMER_MS } from '../within-time';

const runners: { readonly [K in Probe['kind']]: ProbeRunner<Extract<Probe, { kind: K }>> } = {
  http: probeHttp,
  tcp: probeTcp,
  dns: probeDns,
  command: probeCommand,
  checksum: probeChecksum,
  sql: probeSql,
};

/** Checks that really connect, run and read. */
export function createCheckDriver(options: CheckDriverOptions): CheckDriver {
  return { probe: async (check, target, context) => probeOnce(options, check, { target, context }) };
}

interface Call {
  readonly target: CheckTarget;
  readonly context: CallContext;
}

async function probeOnce(options: CheckDriverOptions, check: CheckSpec, call: Call): Promise<CheckObservation> {
  const { target, context } = call;
  context.signal.throwIfAborted();
  declareSecrets(check);
  const address = allowedAddress(check, target.site);
  context.progress({ doing: `checking ${check.name}` });
  const observedAt = new Date().toISOString();
  const since = performance.now();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), Math.min(check.timeoutMs, LONGEST_TIMER_MS));
  try {
    const signal = AbortSignal.any([context.signal, late.signal]);
    const { name, probe, timeoutMs } = check;
    const { progress } = context;
    const answering = run({ check: name, probe, target, address, signal, timeoutMs, progress, options });
    const answer = await Promise.race([answering, rejectedBy(signal)]).catch((error: unknown): Answer => {
      context.signal.throwIfAborted();
      if (late.signal.aborted) return { ok: false, saw: `no answer within ${timeoutMs} ms` };
      if (error instanceof SwitchbackFailure) throw error;
      return { ok: false, saw: describeError(error) };
    });
    const latencyMs = Math.round(performance.now() - since);
    return { check: name, ok: answer.ok, saw: withoutSecrets(answer.saw, options), latencyMs, observedAt };
  } finally {
    clearTimeout(timer);
    // Whatever a probe still holds is of no use to anybody.
    late.abort();
  }
}

async function run<P extends Probe>(request: ProbeRequest<P>): Promise<Answer> {
  const runner = runners[request.probe.kind] as unknown as ProbeRunner<P>;
  return runner(request);
}

/** A probe that does not listen to its signal must not make the call longer than its timeout. */
async function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    if (signal.aborted) reject(signal.reason as Error);
  });
}

function describeError(error: unknown): string {
  // Several addresses or tries in one error: its own message is empty then.
  if (error instanceof AggregateError) return error.errors.map(describeError).join('; ');
  return error instanceof Error ? error.message || error.name : String(error);
}
