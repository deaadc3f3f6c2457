import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';

const policyFile = path.join(__dirname, '../../../deploy/kubernetes/fence-policy.yaml');

const collections: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
};

/** What an administrator applies once for each cluster. */
export async function installFencePolicy(client: KubeClient): Promise<void> {
  for (const document of parseAllDocuments(await readFile(policyFile, 'utf8'))) {
    const object = document.toJS() as { kind: string };
    const collection = collections[object.kind] ?? '';
    await client.create(`/apis/admissionregistration.k8s.io/v1/${collection}`, object);
  }
}
