import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface Grant {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly Rule[];
}

export type StageRole = 'switchback-stage-source' | 'switchback-stage-target';

const file = path.join(__dirname, '../../../deploy/kubernetes/stage-role.yaml');
const manifests = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Manifest);

/** Each verb that the Role of deploy/kubernetes/stage-role.yaml grants, once. */
export function grantsOf(role: StageRole): readonly Grant[] {
  const rules = manifests.find(({ kind, metadata }) => kind === 'Role' && metadata.name === role)?.rules ?? [];
  const all = rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb): Grant => ({ group, resource, verb }))),
    ),
  );
  return all;
}

/** Gives the worker of the lab, a user of a token file, what that file grants, as far as it is wanted; both Roles or one. */
export async function allowWorker(
  client: KubeClient,
  namespace: string,
  wanted: (grant: Grant) => boolean = () => true,
  roles: readonly StageRole[] = ['switchback-stage-source', 'switchback-stage-target'],
): Promise<void> {
  const root = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  for (const name of roles) {
    const rules = grantsOf(name)
      .filter(wanted)
      .map(({ group, resource, verb }) => ({ apiGroups: [group], resources: [resource], verbs: [verb] }));
    await client.create(`${root}/roles`, { metadata: { name }, rules });
    await client.create(`${root}/rolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'switchback-worker' }],
    });
  }
}
