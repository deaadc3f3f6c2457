import { setTimeout as pause } from 'node:timers/promises';
import { KubeError, NoAnswer } from '../../../drivers/kubernetes/client/kube-error';
import { adminClient } from '../cluster/admin-client';
import { keepVolumes } from './volume-folders';

const againAfterMs = 500;

/** Provisions the volumes of one cluster in a folder until it is ended; while the API server does not answer, it waits. */
async function main(kubeconfig: string, context: string, folder: string): Promise<never> {
  const client = adminClient(context, kubeconfig);
  for (;;) {
    try {
      await keepVolumes(client, folder);
    } catch (error) {
      if (!(error instanceof KubeError) && !(error instanceof NoAnswer)) throw error;
      process.stderr.write(`${error.message}\n`);
      await pause(againAfterMs);
    }
  }
}

const [kubeconfig = '', context = '', folder = ''] = process.argv.slice(2);
void main(kubeconfig, context, folder);
