import type { Route53Client } from '@aws-sdk/client-route-53';
import { isDeepStrictEqual } from 'node:util';
import { SwitchbackFailure } from '../../core/model/failure';
import { sameValues, type RecordState } from '../../core/model/traffic';
import type { CallContext, SwitchRequest, TrafficDriver } from '../ports';
import { assertMayMove } from '../record-ownership';
import { leadingValues, obstacleOf, setsToBe } from './next-sets';
import { NameServers } from './name-servers';
import { resolveRecord } from './resolve-record';
import { Route53Api } from './route53-api';
import { createRoute53Client, type Route53Settings } from './route53-client';
import { route53Record } from './route53-record';
import { changed, readSnapshot, sameSnapshot, stateOf, swapOf, type Snapshot } from './snapshot';

/** A batch that is refused this often meets no race but something that does not go away. */
const attempts = 10;

type TtlRequest = Omit<SwitchRequest, 'next'>;

/** What is there, and what one request makes of it; the same when there is nothing to do. */
interface Swap {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

interface Work {
  readonly requests: readonly TtlRequest[];
  readonly swap: (before: Snapshot, request: TtlRequest) => Swap;
}

/** Records in hosted zones of Amazon Route 53. `makeClient`: by default one of the settings, made when it is first needed. */
export function createRoute53Traffic(
  settings: Route53Settings,
  makeClient: () => Route53Client = () => createRoute53Client(settings),
): TrafficDriver {
  let client: Route53Client | undefined;
  const api = new Route53Api(() => (client ??= makeClient()));
  const nameServers = new NameServers();
  return {
    current: async (record, context) => currentState(await readSnapshot(api, route53Record(record), context)),
    switch: async (request, context) => onlyOne(await apply(api, moving([request]), context)),
    switchTogether: async (requests, context) => apply(api, moving(requests), context),
    setTtl: async (request, context) => onlyOne(await apply(api, { requests: [request], swap: ttlSwap }, context)),
    resolve: async (record, context) => resolveRecord(nameServers, route53Record(record), context),
  };
}

function currentState(snapshot: Snapshot): RecordState {
  const inTheWay = obstacleOf(snapshot.record, snapshot.sets);
  return { ...stateOf(snapshot), ...(inTheWay !== undefined && { inTheWay }) };
}

const moving = (requests: readonly SwitchRequest[]): Work => {
  const next = new Map(requests.map((request) => [request as TtlRequest, request.next]));
  return { requests, swap: (before, request) => moveSwap(before, request, next.get(request) ?? []) };
};

const onlyOne = ([state]: readonly RecordState[]): RecordState => {
  if (state === undefined) throw new RangeError('a request without an answer');
  return state;
};

/** Reads, decides, and swaps all in one batch; when anything was changed in between, once more from the beginning. */
async function apply(api: Route53Api, { requests, swap }: Work, context: CallContext): Promise<readonly RecordState[]> {
  const zone = zoneOf(requests);
  let refused: { readonly swaps: readonly Swap[]; readonly why: string } | undefined;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const swaps: Swap[] = [];
    for (const request of requests) {
      swaps.push(swap(await readSnapshot(api, route53Record(request.record), context), request));
    }
    const open = swaps.filter(({ before, after }) => before !== after);
    const states = swaps.map(({ after }) => stateOf(after));
    if (open.length === 0) return states;
    if (refused !== undefined && isDeepStrictEqual(refused.swaps, swaps)) break;
    context.progress({ doing: `changing ${open.map(({ before }) => before.record.name).join(', ')}` });
    const outcome = await api.change(
      zone,
      open.flatMap(({ before, after }) => swapOf(before, after)),
      context,
    );
    if (outcome.kind === 'applied') {
      await api.inSync(zone, outcome.changeId, context);
      return states;
    }
    refused = { swaps, why: outcome.why };
  }
  const names = requests.map(({ record }) => record.name).join(', ');
  throw new SwitchbackFailure('InvalidInput', `Route 53 refused to change ${names}: ${refused?.why ?? ''}`, { zone });
}

function zoneOf(requests: readonly TtlRequest[]): string {
  const zones = new Set(requests.map(({ record }) => route53Record(record).provider.hostedZoneId));
  const [zone, other] = zones;
  if (zone !== undefined && other === undefined) return zone;
  throw new SwitchbackFailure('InvalidInput', `records of ${zones.size} hosted zones cannot be changed together`);
}

function moveSwap(before: Snapshot, request: TtlRequest, values: readonly string[]): Swap {
  assertMayMove(request, before.ownership);
  const { group, epoch, ttlSeconds } = request;
  const changes = setsToBe(before.record, before.sets, { values, ttlSeconds });
  const after = changed(before, changes, { group, epoch });
  if (sameSnapshot(before, after)) return { before, after: before };
  assertExpected(request, before);
  return { before, after };
}

function ttlSwap(before: Snapshot, request: TtlRequest): Swap {
  assertMayMove(request, before.ownership);
  assertExpected(request, before);
  const { expected: values, ttlSeconds } = request;
  const after = changed(before, setsToBe(before.record, before.sets, { values, ttlSeconds }), before.ownership);
  return sameSnapshot(before, after) ? { before, after: before } : { before, after };
}

function assertExpected({ record, expected }: TtlRequest, { sets }: Snapshot): void {
  const saw = leadingValues(sets);
  if (sameValues(saw, expected)) return;
  const message = `record "${record.name}" ${record.type} is ${JSON.stringify(saw)}, expected ${JSON.stringify(expected)}; it was not changed`;
  throw new SwitchbackFailure('RecordChanged', message, { record: record.name, saw, expected });
}
