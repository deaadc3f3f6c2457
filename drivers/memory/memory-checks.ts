import { isDeepStrictEqual } from 'node:util';
import { SwitchbackFailure } from '../../core/model/failure';
import type { CheckObservation, CheckSpec } from '../../core/model/check';
import type { CheckDriver, CheckTarget } from '../ports';
import { isoNow, type MemoryCore, runCall, siteOf } from './memory-call';
import { own, seenGroup } from './memory-state';

/** What of a check a memory world may run at all. */
export interface MemoryCheckLimits {
  /** Absolute paths. Absent: every command is allowed. */
  readonly allowedCommands?: readonly string[];
}

interface Answer {
  readonly ok: boolean;
  readonly saw: string;
}

/** Checks answered from the state of the sites: nothing is connected to. Specification: BEHAVIOUR.md. */
export function createMemoryChecks(core: MemoryCore, limits: MemoryCheckLimits): CheckDriver {
  return {
    probe: async (check, target, context) => {
      const call = { method: 'probe', site: target.site.name, target: check.name } as const;
      const effect = (): CheckObservation => {
        assertPossible(core, check, { target, limits });
        const answer = answerOf(core, check, target);
        return { check: check.name, ...answer, latencyMs: 0, observedAt: isoNow(core) };
      };
      await answered(core, check, target, context.signal);
      return runCall(core, call, { context, effect });
    },
  };
}

/** A check that never gets an answer can be cancelled while it waits; no time passes for it otherwise. */
async function answered(core: MemoryCore, check: CheckSpec, { site }: CheckTarget, signal: AbortSignal): Promise<void> {
  if (core.faults.find('never-answers', check.name, site.name) === undefined) return;
  await Promise.resolve();
  signal.throwIfAborted();
}

function assertPossible(
  core: MemoryCore,
  { name, probe }: CheckSpec,
  { target, limits }: { readonly target: CheckTarget; readonly limits: MemoryCheckLimits },
): void {
  if (probe.kind === 'command' && limits.allowedCommands?.includes(probe.command[0] ?? '') === false) {
    const message = `check "${name}": "${probe.command[0] ?? ''}" is not on the worker's allow-list`;
    throw new SwitchbackFailure('CommandNotAllowed', message, { check: name });
  }
  if (probe.kind === 'checksum' && !anySiteHas(core, target.group, probe.volume)) {
    const message = `check "${name}" asks for volume "${probe.volume}", which group "${target.group}" does not have`;
    throw new SwitchbackFailure('InvalidRunbook', message, { check: name, volume: probe.volume });
  }
  if (probe.kind === 'dns' && probe.server !== undefined && !/^127\./.test(probe.server)) {
    const message = `check "${name}" asks the name server ${probe.server}; a memory world has name servers on loopback only`;
    throw new SwitchbackFailure('AddressNotAllowed', message, { check: name, server: probe.server });
  }
}

const anySiteHas = (core: MemoryCore, group: string, volume: string): boolean =>
  Object.values(core.state.sites).some((site) => own(seenGroup(site, group).volumes, volume) !== undefined);

function answerOf(core: MemoryCore, check: CheckSpec, target: CheckTarget): Answer {
  const { name, probe, timeoutMs } = check;
  const site = target.site.name;
  if (core.faults.find('never-answers', name, site)) return { ok: false, saw: `no answer within ${timeoutMs} ms` };
  if (core.faults.find('never-healthy', name, site)) return { ok: false, saw: '503, made to be never healthy' };
  if (probe.kind === 'dns') return resolved(core, probe);
  const place = siteOf(core, site);
  if (place.isolated) return { ok: false, saw: `no answer from site "${site}"` };
  if (probe.kind === 'command') return { ok: true, saw: 'exit code 0' };
  const group = seenGroup(place, target.group);
  if (probe.kind === 'checksum') {
    const files = Object.keys(own(group.volumes, probe.volume)?.content ?? {}).length;
    return { ok: true, saw: `${files} files read` };
  }
  const serving = Object.entries(group.workloads).find(
    ([, { running, spec }]) => running && spec.checks.some((one) => isDeepStrictEqual(one.probe, probe)),
  );
  if (serving === undefined) return { ok: false, saw: `connection refused by ${target.site.address}:${probe.port}` };
  const [workload, { epoch }] = serving;
  return { ok: epoch === target.epoch, saw: `"${workload}" answers with epoch ${epoch}` };
}

function resolved(core: MemoryCore, probe: Extract<CheckSpec['probe'], { kind: 'dns' }>): Answer {
  if (!core.state.providerAnswers) return { ok: false, saw: 'the name servers do not answer' };
  const values = own(core.state.records, `${probe.name} ${probe.type}`)?.served.values ?? [];
  return {
    ok: isDeepStrictEqual([...values].sort(), [...probe.expect].sort()),
    saw: values.join(', ') || 'no such name',
  };
}
