import { setTimeout as pause } from 'node:timers/promises';
import type { CallContext } from '../../ports';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import type { KubeObject } from '../kube-object';
import { copiedKinds, type CopiedKind, type CopyPlace } from './copied-kinds';
import { copyLabel } from './copy-namespace';

export interface Copying {
  readonly production: SiteCluster;
  readonly copy: SiteCluster;
  readonly run: string;
  readonly address: string;
  readonly context: CallContext;
}

/** Labels by which controllers that look at the whole cluster would take the copy for theirs, and remove it. */
const ofControllers = /^(?:argocd\.argoproj\.io|(?:kustomize|helm)\.toolkit\.fluxcd\.io)\//;

/** How long the cluster may take to make the account that every namespace has. */
const accountWithinMs = 10_000;

/** Makes every object that workloads need in the namespace of the copy, as production has it, with nothing running. */
export async function copyObjects(copying: Copying): Promise<void> {
  for (const round of copiedKinds) {
    await Promise.all(round.map(async (kind) => copyKind(copying, kind)));
  }
}

async function copyKind(copying: Copying, kind: CopiedKind): Promise<void> {
  const { production, copy, address, context } = copying;
  context.progress({ doing: `copying the ${kind.plural} of namespace ${production.namespace}` });
  const place: CopyPlace = { from: production.namespace, to: copy.namespace, address };
  const objects = await production.list<KubeObject>(kind.apiVersion, kind.plural);
  await Promise.all(
    objects.map(async (object) => {
      const made = kind.made(object as never, place);
      if (made === undefined) return;
      const { annotations = {}, ...parts } = made;
      const { name } = object.metadata;
      // Annotations tell controllers outside of the namespace what to do: to publish a name, to take an address.
      const body = { ...parts, metadata: { name, labels: labelsOf(object, copying.run), annotations } };
      if (kind.plural === 'serviceaccounts' && name === 'default') await adaptAccount(copying, parts);
      else await create(copying, kind, body);
    }),
  );
}

const labelsOf = ({ metadata: { labels = {} } }: KubeObject, run: string): object => ({
  ...Object.fromEntries(Object.entries(labels).filter(([key]) => !ofControllers.test(key))),
  [copyLabel.run]: run,
});

/** An earlier attempt of the same step may have made it, from the same. */
async function create(
  { copy, context: { signal } }: Copying,
  { apiVersion, plural }: CopiedKind,
  body: object,
): Promise<void> {
  await copy.client.create(copy.path(apiVersion, plural), body, signal).catch((error: unknown) => {
    if (!isStatus(error, 409)) throw error;
  });
}

/** The default account is made by the cluster; what production has added to it are the secrets that images are pulled with. */
async function adaptAccount({ copy, context: { signal } }: Copying, parts: object): Promise<void> {
  if (Object.keys(parts).length === 0) return;
  const since = performance.now();
  for (;;) {
    try {
      await copy.client.patch(copy.path('v1', 'serviceaccounts', 'default'), parts, signal);
      return;
    } catch (error) {
      if (!isStatus(error, 404) || performance.now() - since > accountWithinMs) throw error;
    }
    await pause(50, undefined, { signal });
  }
}
