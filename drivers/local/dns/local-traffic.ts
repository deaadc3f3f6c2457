import { SwitchbackFailure } from '../../../core/model/failure';
import { sameValues, type RecordState, type TrafficSpec } from '../../../core/model/traffic';
import type { CallContext, SwitchRequest, TrafficDriver } from '../../ports';
import { assertMayMove, ownershipName, parseOwnership, unowned, type Ownership } from '../../record-ownership';
import { ownershipSet } from './ownership';
import { changeSets, localRecord, readSets, type LocalTrafficSpec } from './provider-client';
import type { RecordChange, RecordSet } from './record-set';
import { resolveRecord } from './resolve-record';

/** What was read together and is replaced together. */
interface Snapshot {
  readonly record: RecordSet | undefined;
  readonly owner: RecordSet | undefined;
  readonly ownership: Ownership;
}

/** A batch that is refused this often meets no race but something that does not go away. */
const attempts = 20;

type TtlRequest = Omit<SwitchRequest, 'next'>;

/** Records on the local name server; its addresses come from the record's provider. */
export function createLocalTraffic(): TrafficDriver {
  return {
    current: async (record, context) => {
      const spec = localRecord(record);
      return toState(spec, await readSnapshot(spec, context));
    },
    switch: async (request, context) => onlyOne(await switchRecords([request], context)),
    switchTogether: async (requests, context) => switchRecords(requests, context),
    setTtl: async (request, context) => setRecordTtl(request, context),
    resolve: async (record, context) => resolveRecord(localRecord(record), context),
  };
}

const onlyOne = ([state]: readonly RecordState[]): RecordState => {
  if (state === undefined) throw new RangeError('a request without an answer');
  return state;
};

/** All of them in one batch: records of one server. */
async function switchRecords(
  requests: readonly SwitchRequest[],
  context: CallContext,
): Promise<readonly RecordState[]> {
  const [first] = requests;
  if (first === undefined) return [];
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const swaps = await Promise.all(requests.map((request) => swapOf(request, context)));
    const changes = swaps.flatMap((swap) => swap.changes);
    if (changes.length === 0) return swaps.map(({ state }) => state);
    if (!(await changeSets(localRecord(first.record), changes, context))) continue;
    return Promise.all(requests.map((request) => readState(request, context)));
  }
  throw changed(first, await readSnapshot(localRecord(first.record), context));
}

/** What is to be changed, nothing when the record is as asked already, and what is there. */
async function swapOf(
  request: SwitchRequest,
  context: CallContext,
): Promise<{ readonly changes: readonly RecordChange[]; readonly state: RecordState }> {
  const spec = localRecord(request.record);
  const { name, type } = spec;
  const before = await readSnapshot(spec, context);
  const state = toState(spec, before);
  assertMayMove(request, before.ownership);
  if (before.ownership.epoch === request.epoch && holds(before, request.next, request.ttlSeconds)) {
    return { changes: [], state };
  }
  assertExpected(request, before);
  const record = { name, type, ttl: request.ttlSeconds, values: request.next };
  return { changes: changesOf(before, { record, owner: ownershipSet(name, request) }), state };
}

async function setRecordTtl(request: TtlRequest, context: CallContext): Promise<RecordState> {
  const spec = localRecord(request.record);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = await readSnapshot(spec, context);
    assertMayMove(request, before.ownership);
    assertExpected(request, before);
    if (before.record === undefined) throw changed(request, before);
    if (before.record.ttl === request.ttlSeconds) return toState(spec, before);
    const next = { record: { ...before.record, ttl: request.ttlSeconds }, owner: before.owner };
    if (await changeSets(spec, changesOf(before, next), context)) return readState(request, context);
  }
  throw changed(request, await readSnapshot(spec, context));
}

/** What this call has just written, or what a newer epoch has made of it since: then this call is stale. */
async function readState(request: TtlRequest, context: CallContext): Promise<RecordState> {
  const spec = localRecord(request.record);
  const now = await readSnapshot(spec, context);
  assertMayMove(request, now.ownership);
  return toState(spec, now);
}

async function readSnapshot(spec: LocalTrafficSpec, context: CallContext): Promise<Snapshot> {
  // The owner first: when both are replaced between the two reads, the old owner makes the batch fail, and it is read again.
  const owners = await readSets(spec, ownershipName(spec.name), context);
  const records = await readSets(spec, spec.name, context);
  const owner = owners.find((set) => set.type === 'TXT');
  const ownership = owner === undefined ? unowned : parseOwnership(owner.values.join('\n'));
  if (ownership === undefined) throw foreign(spec, owner);
  return { record: records.find((set) => set.type === spec.type), owner, ownership };
}

/** All that was read is deleted exactly as it was read, and what shall be is created. */
function changesOf(before: Snapshot, next: Pick<Snapshot, 'record' | 'owner'>): readonly RecordChange[] {
  const changes: RecordChange[] = [];
  for (const set of [before.record, before.owner]) if (set !== undefined) changes.push({ action: 'DELETE', ...set });
  for (const set of [next.record, next.owner]) if (set !== undefined) changes.push({ action: 'CREATE', ...set });
  return changes;
}

function holds({ record }: Snapshot, values: readonly string[], ttlSeconds: number): boolean {
  return record !== undefined && record.ttl === ttlSeconds && sameValues(record.values, values);
}

function assertExpected(request: TtlRequest, before: Snapshot): void {
  if (!sameValues(before.record?.values ?? [], request.expected)) throw changed(request, before);
}

function changed({ record, expected }: TtlRequest, before: Snapshot): SwitchbackFailure {
  const saw = before.record?.values ?? [];
  const message = `record "${record.name}" ${record.type} is ${JSON.stringify(saw)}, expected ${JSON.stringify(expected)}; it was not changed`;
  return new SwitchbackFailure('RecordChanged', message, { record: record.name, saw, expected });
}

function foreign({ name }: TrafficSpec, owner: RecordSet | undefined): SwitchbackFailure {
  const message = `TXT ${ownershipName(name)} is ${JSON.stringify(owner?.values)}, which is no ownership record; remove it or put it right`;
  return new SwitchbackFailure('RecordChanged', message, { record: name });
}

function toState(spec: TrafficSpec, { record, ownership }: Snapshot): RecordState {
  const { name, type } = spec;
  return { name, type, values: record?.values ?? [], ttlSeconds: record?.ttl ?? 0, epoch: ownership.epoch };
}
