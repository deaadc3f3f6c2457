import { fieldManager } from '../client/kube-client';
import { isStatus } from '../client/kube-error';
import type { KubeObject } from '../kube-object';
import { abandoned, differing, fieldNames } from './compare';
import type { Draft } from './draft';
import { mayChange } from './ownership';
import { portable } from './portable';
import { failAt, listOf } from './read-kinds';
import { refusalOf, type Refusal } from './refusal';
import { assertStandby } from './standby';
import { dryly, objectTitle, type KindObjects, type Staging } from './staging';

const atOnce = 8;
/** An object that others change all the time is left for the next pass. */
const mostRounds = 5;

/** Makes the objects of a kind at the standby what they are at the active site. */
export async function applyKind(staging: Staging, objects: KindObjects): Promise<void> {
  const { kind } = objects;
  let left = objects.source;
  let target: readonly KubeObject[] | undefined = objects.target;
  for (let round = 0; left.length > 0 && target !== undefined; round += 1) {
    if (round === mostRounds) {
      for (const { metadata } of left)
        staging.record.trouble(objectTitle(kind, metadata.name), 'others change it all the time');
      return;
    }
    if (round > 0) {
      // What changed may be a start of an operation: then this site is not the standby any more.
      await assertStandby(staging);
      target = await listOf(staging, staging.target, kind);
    }
    left = await applyRound(staging, { kind, source: left, target: target ?? [] });
  }
}

/** Returns those that were changed by somebody else meanwhile. */
async function applyRound(staging: Staging, { kind, source, target }: KindObjects): Promise<readonly KubeObject[]> {
  const there = new Map(target.map((object) => [object.metadata.name, object]));
  const again: KubeObject[] = [];
  for (let first = 0; first < source.length; first += atOnce) {
    staging.context.signal.throwIfAborted();
    staging.context.progress({ doing: `staging ${kind.plural}`, done: first, total: source.length });
    const batch = source.slice(first, first + atOnce);
    const refusals = await Promise.all(
      batch.map(async (object) =>
        applyObject(staging, { kind, source: object, live: there.get(object.metadata.name) }),
      ),
    );
    if (refusals.some((refusal) => refusal?.kind === 'forbidden')) return [];
    again.push(...batch.filter((_, index) => refusals[index]?.kind === 'changed'));
  }
  return again;
}

interface Pair {
  readonly kind: KindObjects['kind'];
  readonly source: KubeObject;
  readonly live: KubeObject | undefined;
}

async function applyObject(staging: Staging, pair: Pair): Promise<Refusal | undefined> {
  const { source: from, target: to, request, maps, record } = staging;
  const { kind, source, live } = pair;
  const title = objectTitle(kind, source.metadata.name);
  if (live !== undefined && !mayChange(request.group, source, live)) {
    record.kept(title, 'it is there already, and was not put there by Switchback');
    return undefined;
  }
  const namespaces = { source: from.namespace, target: to.namespace };
  const wanted = portable(kind, request.group, { maps, namespaces, source, ...(live && { live }) });
  const ways = live === undefined ? [] : waysToChange(wanted, live);
  if (live !== undefined && ways.length === 0) {
    record.unchanged();
    return undefined;
  }
  try {
    const written = await write(staging, pair, wanted);
    if (live === undefined) record.change(title, 'created');
    else if (!request.dryRun && written?.metadata.resourceVersion === live.metadata.resourceVersion) record.unchanged();
    else record.change(title, 'changed', fieldNames(ways));
    return undefined;
  } catch (error) {
    return noteRefusal(staging, pair, error);
  }
}

/** The items of a list do not say of which kind they are. */
function waysToChange({ apiVersion: _version, kind: _kind, ...wanted }: Draft, live: KubeObject) {
  return [...differing(wanted, live), ...abandoned(wanted, live, fieldManager)];
}

/**
 * What is new is made without force: whoever made it in the same moment with other values keeps them. What is there is changed only
 * as long as it is the object that was read, because how many instances it has is taken from there.
 */
async function write(staging: Staging, { kind, live }: Pair, wanted: Draft): Promise<KubeObject | undefined> {
  const { target, context, request } = staging;
  const metadata = wanted['metadata'] as { readonly name: string };
  const path = target.path(kind.apiVersion, kind.plural, metadata.name);
  const query = { ...dryly(staging), ...(live && { force: 'true' }) };
  const { uid, resourceVersion } = live?.metadata ?? {};
  const body = live === undefined ? wanted : { ...wanted, metadata: { ...metadata, uid, resourceVersion } };
  try {
    return await target.client.apply<KubeObject>(path, body, query, context.signal);
  } catch (error) {
    // What it refers to has not been made either.
    if (request.dryRun && live === undefined && isStatus(error, 404)) return undefined;
    throw error;
  }
}

async function noteRefusal({ target, record }: Staging, { kind, source }: Pair, error: unknown): Promise<Refusal> {
  const refusal = refusalOf(error, target, kind);
  if (refusal === undefined) return failAt(target, error);
  const title = objectTitle(kind, source.metadata.name);
  if (refusal.kind === 'owned') record.kept(title, refusal.because);
  if (refusal.kind === 'refused') record.trouble(title, refusal.because);
  if (refusal.kind === 'forbidden') record.trouble(kind.kind, refusal.because);
  return refusal;
}
