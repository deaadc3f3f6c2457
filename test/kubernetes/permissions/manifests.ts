import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import type { Permission } from '../../../drivers/kubernetes/health/needed-permissions';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly Rule[];
  readonly subjects?: readonly object[];
}

const folder = path.join(__dirname, '../../../deploy/kubernetes');
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const admission = '/apis/admissionregistration.k8s.io/v1';

const manifestsOf = (text: string): readonly Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);

const textOf = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

export const workerRole: readonly Manifest[] = manifestsOf(textOf('worker-role.yaml'));

/** What an administrator applies for the worker. */
const manifests: readonly Manifest[] = [
  ...workerRole,
  ...['drill-role.yaml', 'mover-role.yaml', 'snapshot-role.yaml'].flatMap((file) => manifestsOf(textOf(file))),
];

/** What is applied besides for custom kinds: the file names an example, in whose place an administrator names his own. */
export function customRole(group: string, plurals: readonly string[]): readonly Manifest[] {
  const definitions = plurals.map((plural) => `${plural}.${group}`);
  const text = textOf('custom-role.yaml')
    .replace('resourceNames: [rollouts.argoproj.io]', `resourceNames: [${definitions.join(', ')}]`)
    .replace('apiGroups: [argoproj.io]', `apiGroups: [${group}]`)
    .replace('resources: [rollouts]', `resources: [${plurals.join(', ')}]`);
  return manifestsOf(text);
}

/** Verbs that allow a change of rights and are no requests of their own. */
const unasked = ['escalate', 'bind'];

const wordsOf = ({ apiGroups, resources, verbs }: Rule): readonly string[] =>
  apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.filter((verb) => !unasked.includes(verb)).map((verb) => `${verb} ${group}/${resource}`),
    ),
  );

/** "patch apps/deployments", of the roles named "Role switchback-worker". */
export function granted(...roles: readonly string[]): readonly string[] {
  const named = manifests.filter(({ kind, metadata }) => roles.includes(`${kind} ${metadata.name}`));
  expect(named).toHaveLength(roles.length);
  return wordsIn(named);
}

/** The same words, of all that manifests grant. */
export const wordsIn = (some: readonly Manifest[]): readonly string[] =>
  [...new Set(some.flatMap(({ rules = [] }) => rules.flatMap(wordsOf)))].sort();

/** What moving volumes takes besides all else. */
export const onlyToMove = (): readonly string[] => besidesWorker('Role switchback-mover');

/** The same, and what their recovery points take when they are snapshots. */
export const onlyForVolumes = (): readonly string[] =>
  besidesWorker('Role switchback-mover', 'Role switchback-snapshots');

function besidesWorker(...roles: readonly string[]): readonly string[] {
  const ofWorker = granted('Role switchback-worker');
  return granted(...roles).filter((word) => !ofWorker.includes(word));
}

/** The same words, of what the worker asks whether it may. */
export const wordsOfNeeded = (needed: readonly Permission[]): readonly string[] =>
  needed.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${verb} ${group}/${resource}`)).sort();

/** Applies all of them, or some, as `kubectl apply --namespace` does. */
export async function applyManifests(
  client: KubeClient,
  namespace: string,
  some: readonly Manifest[] = manifests,
): Promise<void> {
  const collections: Readonly<Record<string, string>> = {
    Role: `${rbac}/namespaces/${namespace}/roles`,
    RoleBinding: `${rbac}/namespaces/${namespace}/rolebindings`,
    ClusterRole: `${rbac}/clusterroles`,
    ClusterRoleBinding: `${rbac}/clusterrolebindings`,
    ValidatingAdmissionPolicy: `${admission}/validatingadmissionpolicies`,
    ValidatingAdmissionPolicyBinding: `${admission}/validatingadmissionpolicybindings`,
  };
  for (const manifest of some) {
    const collection = collections[manifest.kind];
    if (collection === undefined) continue;
    // The worker of the lab is a user of a token file instead of a service account.
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'switchback-worker' }];
    await client.create(collection, manifest.subjects === undefined ? manifest : { ...manifest, subjects });
  }
}

/** Takes one verb out of a ClusterRole, runs the work when the API server acts by it, and puts it back. */
export async function without(
  client: KubeClient,
  { role, verb, resource }: { readonly role: string; readonly verb: string; readonly resource: string },
  work: () => Promise<void>,
): Promise<void> {
  const manifest = manifests.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === role);
  const { rules = [] } = manifest ?? {};
  const kept = rules.map((rule) =>
    rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((one) => one !== verb) } : rule,
  );
  expect(kept).not.toEqual(rules);
  await client.patch(`${rbac}/clusterroles/${role}`, { rules: kept.filter(({ verbs }) => verbs.length > 0) });
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: 'switchback-worker', resourceAttributes: { group: 'rbac.authorization.k8s.io', resource, verb } },
  };
  const reviews = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  while ((await client.create<{ status: { allowed: boolean } }>(reviews, review)).status.allowed) await pause(10);
  try {
    await work();
  } finally {
    await client.patch(`${rbac}/clusterroles/${role}`, { rules });
  }
}
