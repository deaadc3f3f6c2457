import path from 'node:path';
import { Credentials } from '../../../drivers/kubernetes/client/credentials';
import { KubeClient } from '../../../drivers/kubernetes/client/kube-client';

/** A client that may do everything, by a kubeconfig with a context of the name of the cluster. */
export function adminClient(name: string, kubeconfig: string): KubeClient {
  const kubernetes = { namespace: 'default', context: name, kubeconfig };
  return new KubeClient(
    new Credentials({ driver: 'kubernetes', name, address: '', kubernetes }, path.dirname(kubeconfig)),
  );
}
