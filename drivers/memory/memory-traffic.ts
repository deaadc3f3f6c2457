import { SwitchbackFailure } from '../../core/model/failure';
import { sameValues, type RecordState, type TrafficSpec } from '../../core/model/traffic';
import type { Mutation, SwitchRequest, TrafficDriver } from '../ports';
import { isoNow, type MemoryCore, recordEffect, runCall } from './memory-call';
import { own, type RecordEntry, recordKey } from './memory-state';
import type { MemoryCall } from './memory-journal';

/** Records of a provider and the name servers that serve them. Specification: BEHAVIOUR.md. */
export function createMemoryTraffic(core: MemoryCore): TrafficDriver {
  return {
    current: async (record, context) =>
      runCall(core, { method: 'current', target: record.name }, { context, effect: () => entryOf(core, record).held }),
    switch: async (request, context) => {
      const call = { method: 'switch', target: request.record.name, mutation: request } as const;
      return runCall(core, call, { context, effect: () => change(core, call, request) });
    },
    switchTogether: async (requests, context) => {
      const [first] = requests;
      if (first === undefined) return [];
      const target = requests.map(({ record }) => record.name).join(', ');
      const calls = requests.map((request) => ({
        call: { method: 'switch', target: request.record.name, mutation: request } as const,
        request,
      }));
      const effect = (): readonly RecordState[] => {
        // All are looked at before any is changed.
        for (const { call, request } of calls) heldOrAsked(core, call, request);
        return calls.map(({ call, request }) => change(core, call, request));
      };
      return runCall(core, { method: 'switch', target, mutation: first }, { context, effect });
    },
    setTtl: async (request, context) => {
      const call = { method: 'setTtl', target: request.record.name, mutation: request } as const;
      const effect = (): RecordState => change(core, call, { ...request, next: request.expected });
      return runCall(core, call, { context, effect });
    },
    resolve: async (record, context) =>
      runCall(
        core,
        { method: 'resolve', target: record.name },
        {
          context,
          effect: () => {
            const { served } = entryOf(core, record);
            return { name: record.name, ...served, server: 'memory (authoritative)', observedAt: isoNow(core) };
          },
        },
      ),
  };
}

/** The record at the provider; one that it does not hold has no values and was never moved. */
function entryOf(core: MemoryCore, { name, type }: TrafficSpec): RecordEntry {
  if (!core.state.providerAnswers) {
    throw new SwitchbackFailure('SiteUnreachable', `the provider of record "${name}" does not answer`, {
      record: name,
    });
  }
  const absent: RecordEntry = {
    held: { name, type, values: [], ttlSeconds: 0, epoch: 0 },
    served: { values: [], ttlSeconds: 0 },
  };
  return own(core.state.records, recordKey({ name, type })) ?? absent;
}

type ChangeCall = MemoryCall & { readonly mutation: Mutation };

/** What the record holds, when that is what is asked for, or what it shall hold. */
function heldOrAsked(core: MemoryCore, call: ChangeCall, request: SwitchRequest): RecordState {
  const { record, expected, next, ttlSeconds } = request;
  const { held } = entryOf(core, record);
  // A change of TTL leaves the owner as it is: it does not move the record.
  const epoch = call.method === 'setTtl' ? held.epoch : request.epoch;
  if (held.epoch > request.epoch) throw stale(request, held);
  const asked = { name: record.name, type: record.type, values: next, ttlSeconds, epoch };
  if (sameState(asked, held)) return held;
  if (!sameValues(held.values, expected)) throw changed(request, held);
  return asked;
}

function change(core: MemoryCore, call: ChangeCall, request: SwitchRequest): RecordState {
  const { record, next, ttlSeconds } = request;
  const entry = entryOf(core, record);
  const asked = heldOrAsked(core, call, request);
  if (asked === entry.held) return asked;
  const stuck = core.faults.find('dns-does-not-change', record.name) !== undefined;
  const served = stuck ? entry.served : { values: next, ttlSeconds };
  core.state.records[recordKey(record)] = { held: asked, served };
  recordEffect(core, call);
  return asked;
}

function sameState(one: RecordState, other: RecordState): boolean {
  return one.epoch === other.epoch && one.ttlSeconds === other.ttlSeconds && sameValues(one.values, other.values);
}

function stale({ record, epoch }: SwitchRequest, held: RecordState): SwitchbackFailure {
  const message = `record "${record.name}" was moved by epoch ${held.epoch}; the request carries ${epoch}`;
  return new SwitchbackFailure('StaleEpoch', message, { epoch, found: held.epoch });
}

function changed({ record, expected }: SwitchRequest, held: RecordState): SwitchbackFailure {
  const message = `record "${record.name}" holds [${held.values.join(', ')}] and not [${expected.join(', ')}]; it was not overwritten`;
  return new SwitchbackFailure('RecordChanged', message, { record: record.name, found: held.values });
}
