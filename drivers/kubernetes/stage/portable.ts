import { type Draft, within, withoutNulls } from './draft';
import { isStaged, stagedBy } from './ownership';
import type { Adapting, StagedKind } from './staged-kind';

/** Written by a cluster, a controller or a tool about the object at that site, and untrue at another. */
const localAnnotations: readonly RegExp[] = [
  /^switchback\.dev\//,
  /^dr-syncer\.io\//,
  // Holds the whole object as it was applied, secrets with their values.
  /^kubectl\.kubernetes\.io\/last-applied-configuration$/,
  /^deployment\.kubernetes\.io\//,
  /^deprecated\.daemonset\.template\.generation$/,
  /^pv\.kubernetes\.io\//,
  /^volume(\.beta)?\.kubernetes\.io\//,
  /^control-plane\.alpha\.kubernetes\.io\/leader$/,
];

/** The object of the active site as it should be at the standby: without what is of its cluster, mapped, and at rest. */
export function portable(kind: StagedKind, group: string, adapting: Adapting): Draft {
  const { source, live } = adapting;
  const { metadata, status: _status, ...rest } = withoutNulls(structuredClone(source)) as Draft;
  const labels = { ...within(metadata, 'labels') };
  delete labels[stagedBy];
  const mark = live === undefined || isStaged(live, group) ? { [stagedBy]: group } : {};
  const annotations = Object.entries(within(metadata, 'annotations') ?? {}).filter(
    ([name]) => !localAnnotations.some((local) => local.test(name)),
  );
  const draft: Draft = {
    ...rest,
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: {
      name: source.metadata.name,
      labels: { ...labels, ...mark },
      ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }),
    },
  };
  kind.adapt?.(draft, adapting);
  kind.atRest?.(draft, adapting);
  return draft;
}
