import { KubeError } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import type { StagedKind } from './staged-kind';

/** Why the API server did not do what it was asked. */
export type Refusal =
  /** The worker lacks a permission: no other object of the kind will fare better. */
  | { readonly kind: 'forbidden'; readonly because: string }
  /** Somebody else has changed the object meanwhile. */
  | { readonly kind: 'changed' }
  /** Somebody else has set a field to another value. */
  | { readonly kind: 'owned'; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string };

/** Undefined: it says nothing about the object, and the call cannot go on. */
export function refusalOf(error: unknown, cluster: SiteCluster, kind: StagedKind): Refusal | undefined {
  if (!(error instanceof KubeError) || error.status === 429 || error.status >= 500 || error.status === 401) {
    return undefined;
  }
  const site = `site "${cluster.site.name}"`;
  const [, verb, resource] = /cannot (\w+) resource "([^"]+)"/.exec(error.message) ?? [];
  if (error.status === 403 && verb !== undefined && resource !== undefined) {
    const group = kind.apiVersion.includes('/') ? `.${kind.apiVersion.split('/')[0]}` : '';
    const because = `the worker may not ${verb} ${resource}${group} in namespace ${cluster.namespace} of ${site}; grant it (deploy/kubernetes/stage-role.yaml), or leave the kind out of \`stage.kinds\``;
    return { kind: 'forbidden', because };
  }
  const isConflict = error.status === 409;
  // Names managers and fields.
  if (isConflict && error.message.startsWith('Apply failed'))
    return { kind: 'owned', because: withoutValues(error.message) };
  if (isConflict) return { kind: 'changed' };
  const why = kind.secret ? '' : `: ${withoutValues(error.message)}`;
  return { kind: 'refused', because: `${site} answered ${error.status} ${error.reason}${why}` };
}

const longestMessage = 300;

/** "spec.selector: Invalid value: {...}: field is immutable": what stands between is contents. */
function withoutValues(message: string): string {
  const [before = '', ...values] = message.split(/(?<=(?:Invalid|Unsupported|Duplicate) value): /);
  if (values.length === 0) return message.slice(0, longestMessage);
  const why = /: ([a-zA-Z ]{4,80})$/.exec(values.at(-1) ?? '')?.[1];
  return `${before}${why === undefined ? '' : `: ${why}`}`.slice(0, longestMessage);
}
