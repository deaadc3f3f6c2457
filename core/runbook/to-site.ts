import type { CustomKind, SiteRole, SiteSpec } from '../model/site';
import { present } from './present';
import type { WrittenRunbook } from './schema';
import { stagePolicyOf } from './stage-policy';
import { claimsAt, moverOf } from './to-volume';

/** A site with what the rest of the runbook wants of it. */
export function siteOf({ sites, workloads, volumes, stage }: WrittenRunbook, role: SiteRole): SiteSpec {
  const site = sites[role];
  if (site.driver === 'kubernetes') {
    const { drill, ...rest } = site;
    const { namespace, mover, ...where } = site.kubernetes;
    const customKinds = customKindsOf(workloads);
    const place =
      drill === undefined ? {} : { drill: { address: drill.address, ...present({ checksFrom: drill.checksFrom }) } };
    return {
      ...rest,
      kubernetes: {
        namespace,
        ...present(where),
        ...(mover && { mover: moverOf(mover, claimsAt(volumes, role)) }),
        ...(stage && { staged: stagePolicyOf(stage).kinds }),
        ...(customKinds.length > 0 && { customKinds }),
      },
      ...place,
    };
  }
  const { drill, ...rest } = site;
  const place = drill === undefined ? {} : { drill };
  if (rest.driver === 'memory') return { ...rest, ...place };
  return { ...rest, folder: rest.folder ?? rest.name, ...place };
}

function customKindsOf(workloads: WrittenRunbook['workloads']): readonly CustomKind[] {
  const kinds = workloads.flatMap(({ kubernetes: object }) =>
    object?.apiVersion === undefined ? [] : [{ apiVersion: object.apiVersion, kind: object.kind }],
  );
  return [...new Map(kinds.map((one) => [`${one.apiVersion} ${one.kind}`, one])).values()];
}
